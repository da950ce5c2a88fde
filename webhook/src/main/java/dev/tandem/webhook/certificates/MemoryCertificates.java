package dev.tandem.webhook.certificates;

/** Certificates of this process alone, for runs outside a cluster. Any thread. */
public final class MemoryCertificates implements CertificateStore {

  private Stored stored = new Stored.Absent(null);

  @Override
  public synchronized Stored read() {
    return stored;
  }

  @Override
  public synchronized boolean write(CertificateSet set, Stored before) {
    if (!before.equals(stored)) {
      return false;
    }
    stored = new Stored.Good(set, null);
    return true;
  }

  @Override
  public String place() {
    return "memory";
  }
}
