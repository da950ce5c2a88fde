package dev.tandem.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.cli.report.Ink;
import dev.tandem.extender.certificates.BadMaterialException;
import dev.tandem.extender.certificates.ClientTls;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows why a pod is where it is. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Says why a pod is where it is, or why it waits.",
      "Shows what was asked, the places considered and what each costs, the choice, and what would "
          + "have to change for a better one.",
      "Exit code 1 if the extender never heard of the pod."
    })
public final class ExplainCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "NAMESPACE/POD", description = "The pod.")
  private String pod = "";

  @Option(
      names = "--extender",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8888",
      description = {
        "The extender (default: ${DEFAULT-VALUE}). Of two replicas the one that leads has decided:",
        "leader=$(kubectl -n tandem-system get lease tandem-scheduler",
        "  -o jsonpath='{.spec.holderIdentity}' | cut -d_ -f1)",
        "kubectl -n tandem-system port-forward pod/$leader 8888"
      })
  private URI extender = URI.create("http://127.0.0.1:8888");

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "For https: authorities to trust, in PEM; default: those Java brings along.")
  private @Nullable Path authority;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "For https: certificate to show, in PEM, where the extender has --client-ca.")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "The certificate's key, in PEM.")
  private @Nullable Path key;

  @Option(names = "--json", description = "Print what the extender answered.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    String[] parts = pod.split("/", -1);
    if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
      throw new ParameterException(
          command.commandLine(), "pod: '" + pod + "'; accepted: namespace/name, e.g. llm/chat-0");
    }
    HttpResponse<String> response = ask(command, parts[0], parts[1]);
    JsonNode answer = read(command, response);
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(answer.toPrettyString());
    } else {
      Ink ink = System.console() != null ? Ink.COLOUR : Ink.NONE;
      out.print(new ExplanationText(answer, width(), ink).text());
    }
    out.flush();
    return response.statusCode() == 404 ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }

  private HttpResponse<String> ask(CommandSpec command, String namespace, String name)
      throws InterruptedException {
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
    if ("https".equals(extender.getScheme())) {
      client.sslContext(tls(command));
    } else if (authority != null || certificate != null || key != null) {
      throw new ParameterException(
          command.commandLine(),
          "--ca, --cert and --key are for https, and --extender is " + extender);
    }
    try (HttpClient http = client.build()) {
      URI page = extender.resolve("/explain/" + encoded(namespace) + "/" + encoded(name));
      return http.send(
          HttpRequest.newBuilder(page).timeout(PATIENCE).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException | IllegalArgumentException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new ParameterException(
          command.commandLine(),
          "no extender answers at "
              + extender
              + " ("
              + why
              + "); "
              + (e instanceof SSLException
                  ? "--ca FILE says whom to trust, --cert and --key what to show"
                  : "say where with --extender URL"),
          e);
    }
  }

  private SSLContext tls(CommandSpec command) {
    if ((certificate == null) != (key == null)) {
      throw new ParameterException(
          command.commandLine(), "--cert and --key belong together: give both or none");
    }
    try {
      return ClientTls.context(authority, certificate, key);
    } catch (BadMaterialException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new ParameterException(command.commandLine(), "cannot read " + e.getMessage(), e);
    }
  }

  private JsonNode read(CommandSpec command, HttpResponse<String> response) {
    JsonNode answer = null;
    try {
      answer = new ObjectMapper().readTree(response.body());
    } catch (IOException e) {
      // told below: it was no extender that answered
    }
    if (response.statusCode() == 401) {
      throw new ParameterException(
          command.commandLine(),
          "the extender at " + extender + " asks for a client certificate: --cert and --key");
    }
    if (answer == null || !answer.has("decisions")) {
      String body = response.body().strip();
      throw new ParameterException(
          command.commandLine(),
          "what answers at "
              + extender
              + " is no extender: "
              + response.statusCode()
              + " "
              + body.substring(0, Math.min(80, body.length())));
    }
    return answer;
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The launcher hands the terminal's width down; elsewhere lines are of a readable length. */
  private static int width() {
    try {
      return Math.clamp(Long.parseLong(System.getenv().getOrDefault("COLUMNS", "120")), 60, 200);
    } catch (NumberFormatException e) {
      return 120;
    }
  }
}
