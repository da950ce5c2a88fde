package dev.tandem.simulator.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
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
}
