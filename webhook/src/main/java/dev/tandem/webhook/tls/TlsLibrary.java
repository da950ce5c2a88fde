package dev.tandem.webhook.tls;

/** What shakes hands and encrypts. */
public enum TlsLibrary {
  /** BoringSSL, as Conscrypt brings it; the JDK where that does not load, or cannot sign. */
  boringssl,
  /** The JDK. */
  jdk
}
