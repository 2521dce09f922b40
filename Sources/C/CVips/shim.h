#pragma once
#include <stddef.h>

// The few functions of libvips that are used, declared here: vips.h takes all of GLib's headers along, and the flags that pkg-config gives for those
// are not for SwiftPM, which warns of them. `make check` compiles this beside vips.h: what differs from it is an error.
typedef struct _VipsImage VipsImage;
int vips_init(const char *name);
void vips_concurrency_set(int threads);
void vips_cache_set_max(int operations);
void vips_block_untrusted_set(int is_blocked);
void vips_operation_block_set(const char *operation, int is_blocked);
const char *vips_error_buffer(void);
void vips_error_clear(void);
int vips_image_get_width(const VipsImage *image);
int vips_image_get_height(const VipsImage *image);
int vips_image_get_orientation(VipsImage *image);
int vips_image_get_interpretation(const VipsImage *image);
unsigned long vips_image_get_typeof(const VipsImage *image, const char *field);
VipsImage *vips_image_copy_memory(VipsImage *image);
int vips_jpegload_buffer(void *bytes, size_t count, VipsImage **image, ...);
int vips_pngload_buffer(void *bytes, size_t count, VipsImage **image, ...);
int vips_webpload_buffer(void *bytes, size_t count, VipsImage **image, ...);
int vips_gifload_buffer(void *bytes, size_t count, VipsImage **image, ...);
int vips_svgload_buffer(void *bytes, size_t count, VipsImage **image, ...);
int vips_extract_area(VipsImage *image, VipsImage **part, int x, int y, int width, int height, ...);
int vips_thumbnail_image(VipsImage *image, VipsImage **thumbnail, int width, ...);
int vips_webpsave_buffer(VipsImage *image, void **bytes, size_t *count, ...);
int vips_pngsave_buffer(VipsImage *image, void **bytes, size_t *count, ...);
void g_object_unref(void *object);
void g_free(void *bytes);
unsigned int g_log_set_handler(const char *domain, int levels, void (*handler)(const char *, int, const char *, void *), void *context);

enum { foyer_vips_sequential = 1, foyer_vips_fail_on_error = 2, foyer_vips_size_down = 2, foyer_vips_size_force = 3, foyer_vips_cmyk = 15, foyer_vips_chatter = 0xF0 };

// What a stranger's picture makes the library warn of is no line of our log.
static inline void foyer_vips_drop(const char *domain, int level, const char *message, void *context) {
    (void)domain, (void)level, (void)message, (void)context;
}
static inline int foyer_vips_init(void) {
    g_log_set_handler("VIPS", foyer_vips_chatter, foyer_vips_drop, (void *)0);
    return vips_init("foyer");
}

// Swift does not call functions of variable arguments. Each of the four reads the head alone; pixels are decoded when they are asked for, from
// the top, and damage is an error.
#define FOYER_LOAD "access", foyer_vips_sequential, "fail_on", foyer_vips_fail_on_error, (void *)0
static inline int foyer_vips_jpeg(const void *bytes, size_t count, VipsImage **image) {
    return vips_jpegload_buffer((void *)bytes, count, image, FOYER_LOAD);
}
static inline int foyer_vips_png(const void *bytes, size_t count, VipsImage **image) {
    return vips_pngload_buffer((void *)bytes, count, image, FOYER_LOAD);
}
static inline int foyer_vips_webp(const void *bytes, size_t count, VipsImage **image) {
    return vips_webpload_buffer((void *)bytes, count, image, FOYER_LOAD);
}
static inline int foyer_vips_gif(const void *bytes, size_t count, VipsImage **image) {
    return vips_gifload_buffer((void *)bytes, count, image, FOYER_LOAD);
}

// Only for what this program drew: the reader of SVG is not asked for strangers' bytes.
static inline int foyer_vips_drawing(const void *bytes, size_t count, VipsImage **image) {
    return vips_svgload_buffer((void *)bytes, count, image, (void *)0);
}

static inline int foyer_vips_save_png(VipsImage *image, void **bytes, size_t *count) {
    return vips_pngsave_buffer(image, bytes, count, "compression", 9, "strip", 1, (void *)0);
}

static inline int foyer_vips_extract(VipsImage *image, VipsImage **part, int x, int y, int width, int height) {
    return vips_extract_area(image, part, x, y, width, height, (void *)0);
}

// Whether its numbers are no sRGB: what has no profile is taken for that.
static inline int foyer_vips_has_other_colours(VipsImage *image) {
    return vips_image_get_typeof(image, "icc-profile-data") != 0 || (int)vips_image_get_interpretation(image) == (int)foyer_vips_cmyk;
}

// A square, turned upright; in sRGB where it was not: converted for nothing, colours would shift.
static inline int foyer_vips_thumbnail(VipsImage *image, VipsImage **thumbnail, int size) {
    if (!foyer_vips_has_other_colours(image))
        return vips_thumbnail_image(image, thumbnail, size, "height", size, "size", foyer_vips_size_force, (void *)0);
    return vips_thumbnail_image(
        image, thumbnail, size, "height", size, "size", foyer_vips_size_force, "export_profile", "srgb", (void *)0);
}

// The whole picture, no larger than it is and within a square of that size; turned and coloured alike.
static inline int foyer_vips_fit(VipsImage *image, VipsImage **thumbnail, int size) {
    if (!foyer_vips_has_other_colours(image))
        return vips_thumbnail_image(image, thumbnail, size, "height", size, "size", foyer_vips_size_down, (void *)0);
    return vips_thumbnail_image(image, thumbnail, size, "height", size, "size", foyer_vips_size_down, "export_profile", "srgb", (void *)0);
}

static inline int foyer_vips_save(VipsImage *image, void **bytes, size_t *count, int quality) {
    return vips_webpsave_buffer(image, bytes, count, "Q", quality, "strip", 1, (void *)0);
}

static inline void foyer_vips_release(VipsImage *image) { g_object_unref(image); }

#ifdef VIPS_VIPS_H
_Static_assert(VIPS_ACCESS_SEQUENTIAL == (int)foyer_vips_sequential, "access");
_Static_assert(VIPS_FAIL_ON_ERROR == (int)foyer_vips_fail_on_error, "fail_on");
_Static_assert(VIPS_SIZE_DOWN == (int)foyer_vips_size_down, "size");
_Static_assert(VIPS_SIZE_FORCE == (int)foyer_vips_size_force, "size");
_Static_assert(VIPS_INTERPRETATION_CMYK == (int)foyer_vips_cmyk, "interpretation");
_Static_assert((G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG) == (int)foyer_vips_chatter, "levels");
#endif
