# Sets JAVA_HOME to a JDK 25 or newer, or ends with one line that says what is missing.
# Sourced by ./mvnw and ./tandem, since the java on the PATH is often an older one.
tandem_jdk_release() {
  # JAVA_VERSION="25.0.3" -> 25; nothing where there is no JDK (a JRE has no javac)
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}
tandem_find_jdk() {
  tandem_on_path=$(command -v javac 2>/dev/null || true)
  [ -z "$tandem_on_path" ] || tandem_on_path=$(dirname "$(dirname "$(readlink -f "$tandem_on_path")")")
  set +f
  for tandem_jdk in "${JAVA_HOME-}" "$tandem_on_path" /usr/lib/jvm/* /usr/local/lib/jvm/* /usr/java/* /opt/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$tandem_jdk" ] || continue
    tandem_release=$(tandem_jdk_release "$tandem_jdk") || continue
    if [ "${tandem_release:-0}" -ge 25 ]; then
      JAVA_HOME=$tandem_jdk
      export JAVA_HOME
      return 0
    fi
  done
  echo "tandem: needs a JDK 25 or newer, and found none in JAVA_HOME, on the PATH or under /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks: install one or set JAVA_HOME to it" >&2
  return 1
}
tandem_find_jdk || exit 1
