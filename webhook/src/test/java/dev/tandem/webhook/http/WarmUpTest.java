package dev.tandem.webhook.http;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tandem.webhook.certificates.CertificateIssuer;
import dev.tandem.webhook.certificates.ServingCertificate;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.Injector;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WarmUpTest {

  @Test
  void aCertificateItCannotUseDoesNotStopTheStart() {
    CertificateIssuer issuer = new CertificateIssuer(Clock.systemUTC(), new SecureRandom());
    ServingCertificate elsewhere = issuer.issue(List.of("elsewhere.example"));
    assertThatCode(() -> WarmUp.run(elsewhere, new Injector(InjectionConfig.DEFAULT)))
        .doesNotThrowAnyException();
  }
}
