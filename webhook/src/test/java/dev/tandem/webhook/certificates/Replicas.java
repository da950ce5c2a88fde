package dev.tandem.webhook.certificates;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Replicas that share a store and clients, with a clock that tests move and crashes they order. */
final class Replicas {

  static final List<String> NAMES = List.of("tandem-webhook.tandem-system.svc", "127.0.0.1");

  /** What a killed process does next: nothing. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Time that only a test moves. */
  static final class TestClock extends Clock {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** The store all replicas share, as an API server keeps it: writes name what they replace. */
  static final class SharedStore implements CertificateStore {
    Stored stored = new Stored.Absent(null);
    private int version;

    @Override
    public Stored read() {
      return stored;
    }

    @Override
    public boolean write(CertificateSet set, Stored before) {
      if (!before.equals(stored)) {
        return false;
      }
      stored = new Stored.Good(set, String.valueOf(++version));
      return true;
    }

    @Override
    public String place() {
      return "Secret tandem-system/tls";
    }

    CertificateSet set() {
      if (stored instanceof Stored.Good(CertificateSet set, String _)) {
        return set;
      }
      throw new AssertionError("nothing usable is stored: " + stored);
    }
  }

  /** One bundle that all replicas write. */
  static final class SharedTrust implements ClientTrust {
    List<X509Certificate> authorities = List.of();
    int writes;

    @Override
    public Set<X509Certificate> read() {
      return Set.copyOf(authorities);
    }

    @Override
    public void publish(Supplier<Optional<List<X509Certificate>>> wanted) {
      List<X509Certificate> now = wanted.get().orElse(authorities);
      if (!now.equals(authorities)) {
        authorities = now;
        writes++;
      }
    }
  }

  /** One process. Each call out of it counts, and the one ordered is its last. */
  final class Replica {
    final ServedIdentity served = new ServedIdentity();
    final List<String> raised = new ArrayList<>();
    int diesAfter = Integer.MAX_VALUE;
    final CertificateKeeper keeper =
        new CertificateKeeper(
            new CertificateStore() {
              @Override
              public Stored read() {
                return step(store::read);
              }

              @Override
              public boolean write(CertificateSet set, Stored before) {
                return step(() -> store.write(set, before));
              }

              @Override
              public String place() {
                return store.place();
              }
            },
            new ClientTrust() {
              @Override
              public Set<X509Certificate> read() {
                return step(trust::read);
              }

              @Override
              public void publish(Supplier<Optional<List<X509Certificate>>> wanted) {
                Optional<List<X509Certificate>> now = wanted.get();
                var unused =
                    step(() -> {
                      trust.publish(() -> now);
                      return true;
                    });
              }
            },
            issuer,
            rotation,
            NAMES,
            served,
            new CertificateAlarms() {
              @Override
              public void raised(String reason) {
                raised.add(reason);
              }

              @Override
              public void cleared() {
                raised.clear();
              }
            },
            clock);

    /** A process is killed after a call out of it, or before: both are between two of them. */
    private <T> T step(Supplier<T> call) {
      if (diesAfter-- <= 0) {
        throw new Killed();
      }
      return call.get();
    }

    X509Certificate leaf() {
      Identity identity = served.current();
      if (identity == null) {
        throw new AssertionError("nothing is served");
      }
      return identity.leaf();
    }
  }

  final TestClock clock = new TestClock();
  final SharedStore store = new SharedStore();
  final SharedTrust trust = new SharedTrust();
  final Rotation rotation = Rotation.standard(0);
  private final CertificateIssuer issuer = new CertificateIssuer(clock, new SecureRandom());

  Replica replica() {
    return new Replica();
  }

  /** One that has started and told clients of itself. */
  Replica started() {
    Replica replica = replica();
    var unused = replica.keeper.bootstrap();
    replica.keeper.settle();
    return replica;
  }

  /** Whether a client with the present bundle accepts what a replica serves. */
  boolean accepted(Replica replica) {
    Identity identity = replica.served.current();
    return identity != null && identity.refusal(trust.authorities, clock.instant()) == null;
  }
}
