package dev.tandem.webhook.certificates;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** {@code tls.crt} and {@code tls.key} in a folder, as a mounted Secret has them. */
public final class FileIdentity implements IdentitySource {

  private final Path folder;

  public FileIdentity(Path folder) {
    this.folder = folder;
  }

  @Override
  public Identity read() throws GeneralSecurityException {
    return IdentitySource.of(text(SecretCertificates.LEAF), text(SecretCertificates.LEAF_KEY));
  }

  @Override
  public String place() {
    return "folder " + folder;
  }

  private String text(String name) throws GeneralSecurityException {
    Path file = folder.resolve(name);
    try {
      if (Files.size(file) > Pem.MOST_CHARACTERS) {
        throw new GeneralSecurityException(file + " is larger than 1 MiB");
      }
      return Files.readString(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new GeneralSecurityException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
