package dev.tandem.simulator.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class DotChartTest {
  private static String chart(double value, boolean faint) {
    List<DotChart.Series> series =
        Arrays.stream(DotChart.Shape.values())
            .map(shape -> new DotChart.Series(shape.name(), "#000000", shape))
            .toList();
    DotChart chart =
        new DotChart("<A & B>", 100, 200, series, List.of(new DotChart.Panel("ms", 50)));
    double[] values = new double[series.size()];
    Arrays.fill(values, value);
    boolean[] hollow = new boolean[series.size()];
    Arrays.fill(hollow, faint);
    chart.row(new DotChart.Row("a < b", new double[][] {values}, hollow));
    return chart.svg();
  }

  @Test
  void everyShapeIsDrawnAndTextIsEscaped() throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(chart(25, true))));

    assertThat(document.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("<A & B>");
    assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(4);
    assertThat(document.getElementsByTagName("path").getLength()).isEqualTo(10);
  }

  @Test
  void aValueThatIsMissingIsNotDrawn() {
    assertThat(chart(Double.NaN, false)).doesNotContain("NaN");
    assertThat(chart(25, false)).contains("cx=\"200.0\"");
  }

  @Test
  void namesInTheLegendHaveRoomHoweverLongTheyAre() {
    List<DotChart.Series> series =
        Stream.of("a", "a-name-of-thirty-letters-or-so", "b", "c", "another-name-of-thirty-letters")
            .map(name -> new DotChart.Series(name, "#000000", DotChart.Shape.SQUARE))
            .toList();
    List<DotChart.Panel> panels = List.of(new DotChart.Panel("ms", 50));
    String svg = new DotChart("t", 100, 300, series, panels).svg();

    Matcher texts =
        Pattern.compile(
                "<text x=\"([0-9.]+)\" y=\"([0-9.]+)\"[^>]*start[^>]*size=\"12\"[^>]*>([^<]+)")
            .matcher(svg);
    double end = 0;
    double line = 0;
    int found = 0;
    while (texts.find()) {
      double x = Double.parseDouble(texts.group(1));
      double y = Double.parseDouble(texts.group(2));
      assertThat(x).as(texts.group(3)).isGreaterThan(y == line ? end + 12 : 0);
      end = x + 6.7 * texts.group(3).length(); // as wide as browsers draw it without Helvetica
      assertThat(end).isLessThan(100 + 300 + 64);
      line = y;
      found++;
    }
    assertThat(found).isEqualTo(series.size());
  }
}
