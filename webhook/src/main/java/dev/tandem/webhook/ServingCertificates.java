package dev.tandem.webhook;

import dev.tandem.webhook.certificates.BadCertificates;
import dev.tandem.webhook.certificates.CertificateAlarms;
import dev.tandem.webhook.certificates.CertificateFollower;
import dev.tandem.webhook.certificates.CertificateIssuer;
import dev.tandem.webhook.certificates.CertificateKeeper;
import dev.tandem.webhook.certificates.CertificateLoop;
import dev.tandem.webhook.certificates.CertificateStore;
import dev.tandem.webhook.certificates.ClientTrust;
import dev.tandem.webhook.certificates.ConfigurationTrust;
import dev.tandem.webhook.certificates.ExtenderCertificates;
import dev.tandem.webhook.certificates.FileIdentity;
import dev.tandem.webhook.certificates.Identity;
import dev.tandem.webhook.certificates.IdentitySource;
import dev.tandem.webhook.certificates.LocalTrust;
import dev.tandem.webhook.certificates.MemoryCertificates;
import dev.tandem.webhook.certificates.NamedWatch;
import dev.tandem.webhook.certificates.RememberedTrust;
import dev.tandem.webhook.certificates.SecretCertificates;
import dev.tandem.webhook.certificates.SecretIdentity;
import dev.tandem.webhook.certificates.ServedIdentity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of one webhook process, in the mode its configuration names: made or read at the
 * start, looked after until the end.
 */
final class ServingCertificates implements AutoCloseable {

  /** What a missed watch event costs at most. */
  private static final Duration PERIOD = Duration.ofMinutes(1);

  /** As controller-runtime looks at mounted files. */
  private static final Duration FILE_PERIOD = Duration.ofSeconds(10);

  private final WebhookConfig config;
  private final KubernetesClient client;
  private final CertificateAlarms alarms;
  private final Clock clock;
  private final ServedIdentity served = new ServedIdentity();
  private final RememberedTrust trust;
  private final @Nullable CertificateKeeper keeper;
  private final @Nullable CertificateFollower follower;
  private final @Nullable ExtenderCertificates extender;
  private final List<AutoCloseable> running = new ArrayList<>();

  private ServingCertificates(
      WebhookConfig config,
      KubernetesClient client,
      SecureRandom random,
      CertificateAlarms alarms,
      Clock clock) {
    this.config = config;
    this.client = client;
    this.alarms = alarms;
    this.clock = clock;
    this.trust = new RememberedTrust(trust());
    CertificateIssuer issuer = new CertificateIssuer(clock, random);
    this.keeper =
        switch (config.certificates()) {
          case CertificateMode.InMemory _ -> keeper(new MemoryCertificates(), issuer);
          case CertificateMode.OwnSecret(String name) ->
              keeper(new SecretCertificates(client, config.namespace(), name), issuer);
          case CertificateMode.CertManager _, CertificateMode.Files _ -> null;
        };
    this.follower =
        switch (config.certificates()) {
          case CertificateMode.CertManager(String secret) ->
              follower(new SecretIdentity(client, config.namespace(), secret));
          case CertificateMode.Files(var folder) -> follower(new FileIdentity(folder));
          case CertificateMode.InMemory _, CertificateMode.OwnSecret _ -> null;
        };
    String secret = config.extenderSecret();
    this.extender =
        secret == null
            ? null
            : new ExtenderCertificates(
                client,
                config.namespace(),
                secret,
                issuer,
                config.extenderNames(),
                config.rotation(),
                clock);
  }

  /**
   * Has something to serve when it returns.
   *
   * @throws BadCertificates where there is nothing, and none of ours to make
   */
  static ServingCertificates obtain(
      WebhookConfig config,
      KubernetesClient client,
      SecureRandom random,
      CertificateAlarms alarms,
      Clock clock) {
    ServingCertificates certificates =
        new ServingCertificates(config, client, random, alarms, clock);
    if (certificates.keeper != null) {
      var unused = certificates.keeper.bootstrap();
    }
    if (certificates.follower != null) {
      certificates.follower.settleOrFail();
    }
    return certificates;
  }

  /** What the server shows. */
  ServedIdentity served() {
    return served;
  }

  /** Whom clients have to trust now, in PEM; empty where somebody else decides it. */
  String caBundlePem() {
    return keeper == null ? "" : keeper.caBundlePem();
  }

  /**
   * Tells clients whom to trust, and looks after everything from now on.
   *
   * @throws IllegalStateException where the webhook configuration is not there
   * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server refuses
   */
  void lookAfter() {
    duty();
    boolean files = config.certificates() instanceof CertificateMode.Files;
    CertificateLoop loop = CertificateLoop.start(this::duty, files ? FILE_PERIOD : PERIOD, alarms);
    running.add(loop);
    String secret = secret();
    if (secret != null) {
      running.add(
          NamedWatch.start(
              client.secrets().inNamespace(config.namespace()).withName(secret),
              loop::wake,
              "Secret " + secret));
    }
    String configuration = config.webhookConfiguration();
    if (configuration != null) {
      running.add(
          NamedWatch.start(
              client
                  .admissionRegistration()
                  .v1()
                  .mutatingWebhookConfigurations()
                  .withName(configuration),
              loop::wake,
              "MutatingWebhookConfiguration " + configuration));
    }
  }

  /** Why clients would refuse what is served; null where they would not. Never blocks. */
  @Nullable String notReady() {
    Identity identity = served.current();
    Set<X509Certificate> trusted = trust.last();
    if (identity == null) {
      return "there is no serving certificate yet";
    }
    if (trusted == null) {
      return "the caBundle has not been read yet";
    }
    if (trusted.isEmpty() && keeper == null && config.webhookConfiguration() == null) {
      // Nobody told us where the caBundle is.
      return identity.refusal(Set.of(identity.chain().getLast()), clock.instant());
    }
    return identity.refusal(trusted, clock.instant());
  }

  @Override
  public void close() {
    for (AutoCloseable one : running.reversed()) {
      try {
        one.close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot stop looking after certificates", e);
      }
    }
  }

  private void duty() {
    if (keeper != null) {
      keeper.settle();
    }
    if (follower != null) {
      follower.settle();
      var unused = trust.read();
    }
    if (extender != null) {
      extender.settle();
    }
  }

  private CertificateKeeper keeper(CertificateStore store, CertificateIssuer issuer) {
    return new CertificateKeeper(
        store, trust, issuer, config.rotation(), config.certificateNames(), served, alarms, clock);
  }

  private CertificateFollower follower(IdentitySource source) {
    return new CertificateFollower(source, served, alarms);
  }

  private ClientTrust trust() {
    String name = config.webhookConfiguration();
    return name == null ? new LocalTrust() : new ConfigurationTrust(client, name);
  }

  private @Nullable String secret() {
    return switch (config.certificates()) {
      case CertificateMode.OwnSecret(String name) -> name;
      case CertificateMode.CertManager(String name) -> name;
      case CertificateMode.InMemory _, CertificateMode.Files _ -> null;
    };
  }
}
