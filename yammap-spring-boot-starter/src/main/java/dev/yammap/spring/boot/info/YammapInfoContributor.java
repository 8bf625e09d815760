package dev.yammap.spring.boot.info;

import java.util.Collection;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.registry.TrackedFile;
import dev.yammap.spring.boot.registry.TrackedFiles;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * {@link InfoContributor} that tells how many mapped files there are, how many of them
 * are open, and how long these are together. Names and paths it does not tell, as info is
 * often for everybody.
 */
public class YammapInfoContributor implements InfoContributor {

	private final TrackedFiles files;

	public YammapInfoContributor(TrackedFiles files) {
		this.files = files;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Collection<TrackedFile> files = this.files.all().values();
		LongSummaryStatistics sizes = files.stream()
			.map(TrackedFile::file)
			.filter(Objects::nonNull)
			.filter(Mmap::isOpen)
			.mapToLong(Mmap::size)
			.summaryStatistics();
		builder.withDetail("yammap", Map.of("files", files.size(), "open", sizes.getCount(), "bytes", sizes.getSum()));
	}

}
