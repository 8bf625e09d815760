package dev.yammap.spring.boot.info;

import java.util.Collection;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.registry.FileState;
import dev.yammap.spring.boot.registry.FileStates;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * {@link InfoContributor} that tells how many mapped files there are, how many of them
 * are open, and how long these are together. Names and paths it does not tell, as info is
 * often for everybody.
 */
public class YammapInfoContributor implements InfoContributor {

	private final FileStates states;

	public YammapInfoContributor(FileStates states) {
		this.states = states;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Collection<FileState> files = this.states.all().values();
		LongSummaryStatistics sizes = files.stream()
			.map(FileState::file)
			.filter(Objects::nonNull)
			.filter(Mmap::isOpen)
			.mapToLong(Mmap::size)
			.summaryStatistics();
		builder.withDetail("yammap", Map.of("files", files.size(), "open", sizes.getCount(), "bytes", sizes.getSum()));
	}

}
