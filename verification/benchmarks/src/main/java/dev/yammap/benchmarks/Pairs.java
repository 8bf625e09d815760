package dev.yammap.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Pairs of figures, measured one right after the other, and their ratios.
 */
final class Pairs {

	private final String first;

	private final String second;

	private final List<Double> firsts = new ArrayList<>();

	private final List<Double> seconds = new ArrayList<>();

	private final List<Double> ratios = new ArrayList<>();

	/**
	 * Starts with no pair.
	 * @param first what the first figure of each pair is
	 * @param second what the second one is
	 */
	Pairs(String first, String second) {
		this.first = first;
		this.second = second;
	}

	/** Adds a pair, and prints it. */
	void add(double first, double second) {
		this.firsts.add(first);
		this.seconds.add(second);
		this.ratios.add(first / second);
		System.out.printf(Locale.ROOT, "%d: %.4g / %.4g = %.3f%n", this.ratios.size(), first, second, first / second);
	}

	/** Prints the medians, and the quartiles of the ratios. */
	void print() {
		System.out.printf(Locale.ROOT, "%s: %.4g, %s: %.4g; ratio: %.3f (quartiles %.3f and %.3f)%n", this.first,
				quartile(this.firsts, 2), this.second, quartile(this.seconds, 2), quartile(this.ratios, 2),
				quartile(this.ratios, 1), quartile(this.ratios, 3));
	}

	private static double quartile(List<Double> figures, int which) {
		return figures.stream().sorted().toList().get(figures.size() * which / 4);
	}

}
