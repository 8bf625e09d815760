package dev.yammap.spring.boot.autoconfigure;

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
 * Keeps environment variables that others set from stopping the application. Kubernetes
 * sets {@code YAMMAP_FILES_PORT} for a service named {@code yammap-files}: a text where
 * the binder expects the properties of a file. {@link ResourceNames} makes no file of it.
 */
class ForeignVariables implements ConfigurationPropertiesBindHandlerAdvisor {

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new AbstractBindHandler(bindHandler) {

			@Override
			public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
					Exception error) throws Exception {
				Class<?> type = target.getType().resolve();
				if (FileProperties.class.equals(type) && isVariable(name, context)) {
					return new FileProperties();
				}
				if (JournalProperties.class.equals(type) && isVariable(name, context)) {
					return new JournalProperties();
				}
				return super.onFailure(name, target, context, error);
			}

		};
	}

	private static boolean isVariable(ConfigurationPropertyName name, BindContext context) {
		for (ConfigurationPropertySource source : context.getSources()) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return UnknownProperties.isVariable(source);
			}
		}
		return false;
	}

}
