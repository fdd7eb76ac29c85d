package io.hexsocket.architecture.knot;

import io.hexsocket.architecture.Caught;

/** Four classes in a circle, one of them by what is nested in it; the other three, which know one of them, may be what they are. */
@Caught("4 [architecture.knot.First, architecture.knot.Fourth, architecture.knot.Second, architecture.knot.Third]")
public final class First {
    Second next;
}

final class Second {
    static final class Nested {
        Third next;
    }
}

final class Third {
    Fourth next;
}

final class Fourth {
    First next;
}

final class Alpha {
    Beta next;
    First other;
}

final class Beta {
    Gamma next;
}

final class Gamma {
    Alpha next;
}
