package dev.yammap.benchmarks.peers;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * Plots of what was measured.
 */
final class PeerPlots {

	private static final Map<String, Color> PEERS = new LinkedHashMap<>();
	static {
		PEERS.put("yammap", new Color(0xd55e00));
		PEERS.put("segment", new Color(0x999999));
		PEERS.put("mapped-byte-buffer", new Color(0x56b4e9));
		PEERS.put("agrona", new Color(0x009e73));
		PEERS.put("chronicle-bytes", new Color(0xcc79a7));
		PEERS.put("lucene", new Color(0xe6c700));
		PEERS.put("file-channel", new Color(0x0072b2));
	}

	private PeerPlots() {
	}

	static void write(PeerResults results, Path directory) throws IOException {
		CategoryChart copies = plot(results, "Time per call, ns (logarithmic; less is better)", List.of("read-long",
				"write-long", "read-64", "write-64", "read-4k", "write-4k", "read-1m", "write-1m"));
		copies.getStyler().setYAxisLogarithmic(true);
		copies.getStyler().setYAxisMin(1.0);
		save(copies, directory.resolve("peers-copies.svg"));
		save(plot(results, "Durable commits per second (more is better)",
				List.of("commit-1", "commit-16", "commit-64-virtual")), directory.resolve("peers-commits.svg"));
	}

	private static CategoryChart plot(PeerResults results, String title, List<String> operations) {
		CategoryChart chart = new CategoryChartBuilder().width(1000).height(420).title(title).build();
		chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
		chart.getStyler().setChartBackgroundColor(Color.WHITE);
		chart.getStyler().setAvailableSpaceFill(0.85);
		chart.getStyler().setYAxisDecimalPattern("#,##0");
		// Dashes would make the file ten times as long.
		chart.getStyler().setPlotGridLinesStroke(new BasicStroke(0.5f));
		chart.getStyler().setPlotGridVerticalLinesVisible(false);
		PEERS.forEach((peer, color) -> {
			List<Number> figures = operations.stream().map((operation) -> median(results, operation, peer)).toList();
			if (figures.stream().anyMatch((figure) -> figure.doubleValue() > 0)) {
				chart.addSeries(peer, operations, figures).setFillColor(color);
			}
		});
		return chart;
	}

	/** A peer that cannot do it has no bar. */
	private static Number median(PeerResults results, String operation, String peer) {
		return results.figures(operation, (result) -> result.figure().median()).getOrDefault(peer, 0.0);
	}

	private static void save(CategoryChart chart, Path file) throws IOException {
		VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString().replaceFirst("\\.svg$", ""),
				VectorGraphicsFormat.SVG);
	}

}
