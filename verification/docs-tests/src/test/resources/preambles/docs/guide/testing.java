import java.io.IOException;

import dev.yammap.Mmap;

class OrderLog {

	private final Mmap orders;

	OrderLog(Mmap orders) {
		this.orders = orders;
	}

	void add(byte[] order) throws IOException {
		this.orders.append(order);
		this.orders.sync();
	}

}
