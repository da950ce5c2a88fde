package dev.tandem.webhook.certificates;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Remembers whom clients trusted when last read, for readiness, which may ask nobody. */
public final class RememberedTrust implements ClientTrust {

  private final ClientTrust trust;
  private volatile @Nullable Set<X509Certificate> last;

  public RememberedTrust(ClientTrust trust) {
    this.trust = trust;
  }

  /** As last read; null before the first time. Never blocks. */
  public @Nullable Set<X509Certificate> last() {
    return last;
  }

  @Override
  public Set<X509Certificate> read() {
    Set<X509Certificate> now = Set.copyOf(trust.read());
    last = now;
    return now;
  }

  @Override
  public void publish(Supplier<Optional<List<X509Certificate>>> wanted) {
    trust.publish(wanted);
  }
}
