package dev.yammap.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that start again at the same one. The system gives none of them to
 * those who ask for any (see {@code ip_local_port_range} of Linux), so a port is still
 * free when its server starts.
 */
public final class Ports {

	private static final int LEAST = 15_000;

	private static final int MOST = 32_000;

	private Ports() {
	}

	public static int free() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(LEAST, MOST);
			try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return port;
			}
			catch (IOException ex) {
				// Somebody has it.
			}
		}
	}

}
