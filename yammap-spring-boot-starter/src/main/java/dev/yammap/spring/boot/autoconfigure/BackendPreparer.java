package dev.yammap.spring.boot.autoconfigure;

import java.util.EnumSet;
import java.util.Set;

import dev.yammap.Backend;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NativeDetector;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Has the engine prepare its backends on a thread of its own while the application
 * starts: linking the C library takes some 100 ms, which the main thread would otherwise
 * spend when it opens the first file. Only where files are configured, and where there is
 * a second processor.
 * <p>
 * Whatever goes wrong here goes wrong once more when a file is opened, where it is
 * reported, so it is not reported here. The system property
 * {@code spring.backgroundpreinitializer.ignore} turns this off as it does Spring Boot's
 * own work in the background.
 */
class BackendPreparer implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	private static final String THREAD_NAME = "yammap-prepare";

	private static final Bindable<Backend> BACKEND = Bindable.of(Backend.class);

	private static final Log logger = LogFactory.getLog(BackendPreparer.class);

	/**
	 * After configuration files are read and logging is set up.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 21;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		if (NativeDetector.inNativeImage() || Boolean.getBoolean("spring.backgroundpreinitializer.ignore")
				|| Runtime.getRuntime().availableProcessors() == 1) {
			return;
		}
		Set<Backend> backends = backends(event.getEnvironment());
		if (!backends.isEmpty()) {
			Thread.ofPlatform().daemon().name(THREAD_NAME).start(() -> backends.forEach(BackendPreparer::prepare));
		}
	}

	/**
	 * Finds out which backends the configured files are going to need.
	 */
	static Set<Backend> backends(Environment environment) {
		Set<Backend> backends = EnumSet.noneOf(Backend.class);
		Binder binder = Binder.get(environment);
		try {
			if (binder.bind("yammap.enabled", Boolean.class).orElse(true)) {
				FileNames names = new FileNames(environment);
				for (String name : names.all()) {
					backends.add(binder.bind(names.property(name, "backend"), BACKEND).orElse(Backend.AUTO));
				}
			}
		}
		catch (BindException | FileNameException ex) {
			logger.debug("The properties of mapped files are not valid, which will be reported later", ex);
			backends.clear();
		}
		return backends;
	}

	private static void prepare(Backend backend) {
		try {
			backend.prepare();
		}
		catch (RuntimeException | Error ex) {
			logger.debug("The backend " + backend + " could not be prepared", ex);
		}
	}

}
