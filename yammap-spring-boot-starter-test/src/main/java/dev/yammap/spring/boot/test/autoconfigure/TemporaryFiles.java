package dev.yammap.spring.boot.test.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.JournalProperties;
import dev.yammap.spring.boot.autoconfigure.YammapProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;
import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.ResourceUtils;
import org.springframework.util.StringUtils;

/**
 * The temporary directory of an application context, with all its configured files and
 * journals. It changes the properties after they are bound, so it does not matter where
 * they came from. If they are bound again, as by a context refresh of Spring Cloud, they
 * lead into the same directory again.
 * <p>
 * Spring creates this bean before all others, as it is a {@link BeanFactoryPostProcessor}
 * whose definition is the first. So Spring destroys it last: the files are already closed
 * when it deletes their directory.
 */
class TemporaryFiles implements BeanFactoryPostProcessor, BeanPostProcessor, PriorityOrdered, DisposableBean {

	/** The directory of files that are not below the base directory. */
	private static final String ABSOLUTE = "absolute";

	private static final Pattern NOT_A_PATH = Pattern
		.compile("\\$\\{|^~(/|$)|^(classpath\\*?|jar|optional):|^[^:/]+://");

	private final Map<String, String> contents;

	private @Nullable Path directory;

	TemporaryFiles(Map<String, String> contents) {
		this.contents = contents;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		// Nothing to do: the properties are not bound yet.
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof YammapProperties properties) {
			try {
				Path directory = this.directory;
				if (directory != null) {
					redirect(properties, directory);
				}
				else {
					directory = Files.createTempDirectory("yammap-test").toRealPath();
					this.directory = directory;
					redirect(properties, directory);
					copyContents(properties);
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException("The files of the test could not be prepared: " + ex.getMessage(), ex);
			}
		}
		return bean;
	}

	private static void redirect(YammapProperties properties, Path directory) throws IOException {
		Path base = path(properties.getBaseDir()).toAbsolutePath().normalize();
		for (FileProperties file : properties.getFiles().values()) {
			file.setPath(redirect(file.getPath(), base, directory));
		}
		for (JournalProperties journal : properties.getJournals().values()) {
			journal.setPath(redirect(journal.getPath(), base, directory));
		}
		properties.setBaseDir(directory.toString());
	}

	private static @Nullable String redirect(@Nullable String path, Path base, Path directory) throws IOException {
		// Leave it alone if it is not a path: the application refuses it.
		if (path == null || !StringUtils.hasText(path) || NOT_A_PATH.matcher(path).find()) {
			return path;
		}
		Path redirected = redirect(base.resolve(path(path)).normalize(), base, directory);
		Files.createDirectories(redirected.resolveSibling(""));
		return redirected.toString();
	}

	private static Path path(String path) throws IOException {
		return path.startsWith(ResourceUtils.FILE_URL_PREFIX) ? ResourceUtils.getFile(path).toPath() : Path.of(path);
	}

	/** Keeps different paths different, so that two names of one path are detected. */
	private static Path redirect(Path path, Path base, Path directory) {
		if (path.startsWith(directory)) {
			return path;
		}
		if (path.startsWith(base)) {
			return directory.resolve(base.relativize(path));
		}
		Path absolute = directory.resolve(ABSOLUTE);
		for (Path name : path) {
			absolute = absolute.resolve(name);
		}
		return absolute;
	}

	private void copyContents(YammapProperties properties) throws IOException {
		DefaultResourceLoader loader = new DefaultResourceLoader();
		for (Map.Entry<String, String> content : this.contents.entrySet()) {
			FileProperties file = properties.getFiles().get(content.getKey());
			Assert.state(file != null && file.getPath() != null,
					() -> "@AutoConfigureMappedFiles has a content for the file '" + content.getKey()
							+ "', which is not configured; there are " + properties.getFiles().keySet());
			Resource resource = loader.getResource(content.getValue());
			try (InputStream stream = resource.getInputStream()) {
				Files.copy(stream, Path.of(file.getPath()));
			}
		}
	}

	@Override
	public void destroy() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
	}

}
