// hls.js: what our player uses of it. Its own types are a megabyte in npm.
export default class Hls {
  static Events: { ERROR: string; FRAG_BUFFERED: string; MANIFEST_PARSED: string };
  static isSupported(): boolean;
  constructor(config: object);
  on(
    event: string,
    act: (event: string, about: { fatal: boolean; response?: { code: number } }) => unknown,
  ): void;
  startLoad(from?: number): void;
  loadSource(address: string): void;
  attachMedia(video: HTMLVideoElement): void;
  destroy(): void;
}
