package dev.tandem.webhook.certificates;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * What the server shows from the next handshake on. Connections that are open live on: a
 * certificate is looked at when one is made, so nothing is dropped by a change. Any thread.
 */
public final class ServedIdentity {

  private final AtomicReference<@Nullable Shown> shown = new AtomicReference<>();

  /** A handshake asks three times: by number it gets the same identity, though another came. */
  private record Shown(long number, Identity identity, @Nullable Identity before) {

    String alias() {
      return "serving-" + number;
    }
  }

  /**
   * Shows this from now on.
   *
   * @return whether it is another than before
   */
  public boolean show(Identity identity) {
    Shown before = shown.get();
    if (before != null && before.identity().leaf().equals(identity.leaf())) {
      return false;
    }
    shown.set(
        before == null
            ? new Shown(0, identity, null)
            : new Shown(before.number() + 1, identity, before.identity()));
    return true;
  }

  /** What is shown; null before the first. */
  public @Nullable Identity current() {
    Shown now = shown.get();
    return now == null ? null : now.identity();
  }

  /** What TLS servers ask for a chain and a key: they get whatever is current. */
  public KeyManager keys() {
    return new Keys();
  }

  private @Nullable String alias(String keyType) {
    Shown now = shown.get();
    return now != null && keyType.equals(now.identity().key().getAlgorithm()) ? now.alias() : null;
  }

  private @Nullable Identity named(String alias) {
    Shown now = shown.get();
    if (now == null) {
      return null;
    }
    return alias.equals(now.alias()) ? now.identity() : now.before();
  }

  /** What JSSE asks: first for an alias, then for the chain and the key of that alias. */
  private final class Keys extends X509ExtendedKeyManager {

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return alias(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return alias(keyType);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      String alias = alias(keyType);
      return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      Identity identity = named(alias);
      return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      Identity identity = named(alias);
      return identity == null ? null : identity.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }
}
