// The connection to the other person's device: perfect negotiation, ICE restart, measured quality. Knows nothing of the server.

/** What one device tells the other. */
export type Signal =
  | { description: RTCSessionDescriptionInit }
  | { candidate: RTCIceCandidateInit | null }
  | { state: PeerState };

/** What the other person sees of this device. */
export interface PeerState {
  muted: boolean;
  deafened: boolean;
  /** Whether a camera or a screen is shown. */
  video: boolean;
}

export interface Measured {
  packets_lost: number;
  packets_received: number;
  jitter_ms: number;
  rtt_ms: number;
}

export type Link = "connecting" | "connected" | "reconnecting";

interface Around {
  servers(): Promise<RTCIceServer[]>;
  send(signal: Signal): void;
  link(state: Link): void;
  stream(stream: MediaStream): void;
  state(state: PeerState): void;
}

/** After how many ms without a connection another path is looked for. */
const patience = 3_000;
/** Who gives way waits longer, so that the two seldom try at once. */
const politePatience = 5_000;

export class Peer {
  private readonly connection: RTCPeerConnection;
  private readonly local = new MediaStream();
  private readonly remote = new MediaStream();
  private video: RTCRtpSender | null = null;
  private audio: RTCRtpSender | null = null;
  private isOffering = false;
  private ignoresOffer = false;
  private wasConnected = false;
  private timer = 0;

  /** @param isPolite gives way when both offer at once. */
  constructor(private readonly isPolite: boolean, servers: RTCIceServer[], private readonly around: Around) {
    this.connection = new RTCPeerConnection({ iceServers: servers, bundlePolicy: "max-bundle" });
    this.connection.onnegotiationneeded = () => void this.offer();
    this.connection.onicecandidate = ({ candidate }) => around.send({ candidate: candidate?.toJSON() ?? null });
    this.connection.onconnectionstatechange = () => this.moved();
    this.connection.ontrack = ({ track }) => {
      for (const old of this.remote.getTracks()) if (old.kind === track.kind) this.remote.removeTrack(old);
      this.remote.addTrack(track);
      around.stream(this.remote);
    };
    this.watch();
  }

  get isConnected(): boolean {
    return this.connection.connectionState === "connected";
  }

  /** The microphone, or silence. */
  setAudio(track: MediaStreamTrack): void {
    if (this.audio) return void this.audio.replaceTrack(track).catch(() => undefined);
    this.audio = this.connection.addTrack(track, this.local);
  }

  /** A camera or a screen; null shows none. */
  setVideo(track: MediaStreamTrack | null): void {
    if (this.video) return void this.video.replaceTrack(track).catch(() => undefined);
    if (track) this.video = this.connection.addTrack(track, this.local);
  }

  /** Looks for another path: the network has changed, or signals were missed. */
  async restart(): Promise<void> {
    if (this.connection.signalingState === "closed") return;
    // An offer without an answer was lost on the way, or the answer was.
    if (this.connection.signalingState === "have-local-offer") return this.tellDescription();
    try {
      this.connection.setConfiguration({ iceServers: await this.around.servers(), bundlePolicy: "max-bundle" });
      this.connection.restartIce();
    } catch {
      // It was closed meanwhile, or the servers cannot be had: the next turn tries again.
    }
  }

  async receive(signal: Signal): Promise<void> {
    if ("state" in signal) return this.around.state(signal.state);
    if ("candidate" in signal) {
      try {
        await this.connection.addIceCandidate(signal.candidate ?? undefined);
      } catch (error) {
        if (!this.ignoresOffer) console.warn("candidate", error);
      }
      return;
    }
    const { description } = signal;
    const collides = description.type === "offer" &&
      (this.isOffering || this.connection.signalingState !== "stable");
    this.ignoresOffer = !this.isPolite && collides;
    if (this.ignoresOffer) return;
    if (description.type === "answer" && this.connection.signalingState !== "have-local-offer") return;
    await this.connection.setRemoteDescription(description);
    if (description.type !== "offer") return;
    await this.connection.setLocalDescription();
    this.tellDescription();
  }

  async measure(): Promise<Measured | null> {
    if (this.connection.connectionState === "closed") return null;
    let [lost, received, jitter, trip] = [0, 0, 0, 0];
    (await this.connection.getStats()).forEach((report: Record<string, unknown>) => {
      const number = (name: string) => (typeof report[name] === "number" ? report[name] as number : 0);
      if (report["type"] === "inbound-rtp") {
        lost += Math.max(0, number("packetsLost"));
        received += number("packetsReceived");
        jitter = Math.max(jitter, number("jitter"));
      }
      if (report["type"] === "candidate-pair" && report["nominated"] === true) {
        trip = Math.max(trip, number("currentRoundTripTime"));
      }
    });
    const ms = (seconds: number) => Math.min(60_000, Math.round(seconds * 1_000));
    return { packets_lost: lost, packets_received: received, jitter_ms: ms(jitter), rtt_ms: ms(trip) };
  }

  close(): void {
    clearTimeout(this.timer);
    this.connection.onnegotiationneeded = null;
    this.connection.onicecandidate = null;
    this.connection.onconnectionstatechange = null;
    this.connection.ontrack = null;
    this.connection.close();
  }

  private async offer(): Promise<void> {
    try {
      this.isOffering = true;
      await this.connection.setLocalDescription();
      this.tellDescription();
    } catch (error) {
      console.warn("offer", error);
    } finally {
      this.isOffering = false;
    }
  }

  private tellDescription(): void {
    const described = this.connection.localDescription;
    if (described) this.around.send({ description: { type: described.type, sdp: described.sdp } });
  }

  private moved(): void {
    const state = this.connection.connectionState;
    if (state === "connected") this.wasConnected = true;
    this.around.link(state === "connected" ? "connected" : this.wasConnected ? "reconnecting" : "connecting");
    if (state === "failed") void this.restart();
    this.watch();
  }

  private watch(): void {
    clearTimeout(this.timer);
    if (this.isConnected) return;
    this.timer = setTimeout(() => {
      void this.restart();
      this.watch();
    }, this.isPolite ? politePatience : patience) as unknown as number;
  }
}
