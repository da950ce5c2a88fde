package dev.tandem.extender.certificates;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the TLS material lies, in PEM. Immutable.
 *
 * @param certificate the serving certificate and what signed it, leaf first
 * @param key its private key: PKCS #8, PKCS #1 or SEC 1, not encrypted
 * @param clientAuthority authorities of the clients that may ask, or null to let everybody ask
 */
public record CertificateFiles(Path certificate, Path key, @Nullable Path clientAuthority) {}
