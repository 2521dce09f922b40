// Images owns what strangers' pictures become: small squares in WebP without metadata, made by libvips on one thread of its own. It refuses every
// format but four, pictures of many pixels before they are decoded, and work beyond a bounded queue.
