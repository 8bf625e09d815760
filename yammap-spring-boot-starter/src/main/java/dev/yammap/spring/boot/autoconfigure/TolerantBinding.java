package dev.yammap.spring.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.JournalProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;

/**
 * Overlooks a text where the binder expects properties, if nobody meant it. That is a
 * blank text, as of a group in YAML all of whose lines are comments, or the text of an
 * environment variable that others set. For a service named {@code yammap-files}
 * Kubernetes sets {@code YAMMAP_FILES_PORT}, and {@link ResourceNames} makes no file of
 * it.
 */
class TolerantBinding implements ConfigurationPropertiesBindHandlerAdvisor {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("yammap");

	/** The groups of properties, and how to make one in which nothing is set. */
	private static final Map<Class<?>, Supplier<?>> GROUPS = Map.of(FileProperties.class, FileProperties::new,
			FileProperties.Sync.class, FileProperties.Sync::new, JournalProperties.class, JournalProperties::new,
			JournalProperties.Sync.class, JournalProperties.Sync::new, JournalProperties.Retention.class,
			JournalProperties.Retention::new, Map.class, LinkedHashMap::new);

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new AbstractBindHandler(bindHandler) {

			// If there is a group, the binder makes one from a blank text by itself.
			@Override
			public @Nullable Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
					Object result) {
				Supplier<?> present = target.getValue();
				if (present != null && !(result instanceof Map) && isGroup(name, target)
						&& isOverlooked(name, context)) {
					return present.get();
				}
				return super.onSuccess(name, target, context, result);
			}

			@Override
			public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
					Exception error) throws Exception {
				if (isGroup(name, target) && isOverlooked(name, context)) {
					Supplier<?> present = target.getValue();
					return (present != null) ? present.get()
							: Objects.requireNonNull(GROUPS.get(target.getType().toClass())).get();
				}
				return super.onFailure(name, target, context, error);
			}

		};
	}

	private static boolean isGroup(ConfigurationPropertyName name, Bindable<?> target) {
		return ROOT.isAncestorOf(name) && GROUPS.containsKey(target.getType().toClass());
	}

	private static boolean isOverlooked(ConfigurationPropertyName name, BindContext context) {
		for (ConfigurationPropertySource source : context.getSources()) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return UnknownProperties.isVariable(source) || UnknownProperties.isBlank(property);
			}
		}
		return false;
	}

}
