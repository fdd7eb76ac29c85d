package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Name;
import io.lettuce.core.protocol.CommandArgs;

/**
 * What Redis does in one step. The key of a name holds {@code node|time}: who has claimed it, and when, in milliseconds of Redis's clock.
 * It counts as long as the key of that node lives; so a node renews one key and not one for each name. Keys of nodes are computed from
 * values, which rules out Redis Cluster and needs nothing of standalone servers and replicas.
 */
final class Scripts {

    /** What a key holds; of another type or form it is not ours, and may be overwritten. */
    private static final String GET = """
            local v = redis.pcall('GET', KEYS[1])
            if type(v) == 'table' then
              if not string.find(v.err, '^WRONGTYPE') then return v end
              v = false
            end
            """;

    // no session has an empty alias
    private static final String NOBODYS = "";

    /**
     * One if the node's life has begun, or is ours already. Uses the commands and the keys of the other scripts, too, so that a user who
     * has no right to them does not join.
     */
    private static final String REGISTER = GET + """
            if v and v ~= ARGV[1] then return 0 end
            if not v then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            redis.call('TIME')
            redis.call('EXISTS', ARGV[3])
            redis.call('DEL', ARGV[3])
            return 1
            """;

    /**
     * Renewed without memory, if that is possible: PEXPIRE works where SET is refused. One; two if the key was gone, and so may be those of
     * names; zero if another has our name.
     */
    private static final String HEARTBEAT = GET + """
            if v and v ~= ARGV[1] then return 0 end
            redis.call('PUBLISH', ARGV[3], ARGV[4])
            if v then
              redis.call('PEXPIRE', KEYS[1], ARGV[2])
              return 1
            end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return 2
            """;

    private static final String LEAVE = GET + """
            if v == ARGV[1] then
              redis.call('DEL', KEYS[1])
              redis.call('PUBLISH', ARGV[2], ARGV[3])
            end
            return 1
            """;

    /**
     * The time of the claim if it holds, else zero. A claim that comes new has no time yet and an age; one that holds already has its
     * time. Two new claims never have the same time.
     */
    private static final String CLAIM = GET + """
            local me, rule, isNew = ARGV[1], ARGV[2], ARGV[3] == '0'
            local at = tonumber(ARGV[3])
            if isNew then
              local t = redis.call('TIME')
              at = t[1] * 1000 + math.floor(t[2] / 1000) - tonumber(ARGV[4])
            end
            local loser
            if v then
              local owner, since = string.match(v, '^([^|]*)|(%d+)$')
              since = tonumber(since)
              if owner == me then
                if rule == 'F' or at <= since then at = since end
              elseif owner and redis.call('EXISTS', ARGV[6] .. owner) == 1 then
                if rule == 'F' then return 0 end
                if isNew and ARGV[4] == '0' and at <= since then at = since + 1 end
                if at <= since then return 0 end
                loser = owner
              end
            end
            redis.call('SET', KEYS[1], me .. '|' .. string.format('%.0f', at), 'PX', ARGV[5])
            if loser then redis.call('PUBLISH', ARGV[7] .. loser, ARGV[8]) end
            return at
            """;

    private static final String RELEASE = GET + """
            if v and string.match(v, '^([^|]*)|') == ARGV[1] then redis.call('DEL', KEYS[1]) end
            return 1
            """;

    /** The holder that has got the message, or nothing. */
    private static final String DIRECT = GET + """
            local owner = v and string.match(v, '^([^|]*)|')
            if not owner then return '' end
            if redis.call('EXISTS', ARGV[1] .. owner) == 0 then return '' end
            if redis.call('PUBLISH', ARGV[2] .. owner, ARGV[3]) == 0 then return '' end
            return owner
            """;

    private final Keyspace keys;
    private final String id;
    private final String run;
    private final long leaseMillis;
    private final long nameMillis;

    /**
     * For one node.
     *
     * @param run tells it from another that has taken the same name
     * @param nameMillis how long a name is remembered that is not claimed again
     */
    Scripts(Keyspace keys, String id, String run, long leaseMillis, long nameMillis) {
        this.keys = keys;
        this.id = id;
        this.run = run;
        this.leaseMillis = leaseMillis;
        this.nameMillis = nameMillis;
    }

    CommandArgs<String, Frame> register() {
        return script(REGISTER, keys.life(id)).add(run).add(leaseMillis).addKey(keys.name(Name.alias(NOBODYS)));
    }

    CommandArgs<String, Frame> heartbeat() {
        return script(HEARTBEAT, keys.life(id))
                .add(run)
                .add(leaseMillis)
                .addKey(keys.all())
                .addValue(Frame.of(Frame.Type.HERE, id));
    }

    CommandArgs<String, Frame> leave() {
        return script(LEAVE, keys.life(id)).add(run).addKey(keys.all()).addValue(Frame.of(Frame.Type.LEAVE, id));
    }

    CommandArgs<String, Frame> claim(String nameKey, String nameText, Claim rule, long at, long ageMillis) {
        return script(CLAIM, nameKey)
                .add(id)
                .add(rule == Claim.FIRST_WINS ? "F" : "N")
                .add(at)
                .add(ageMillis)
                .add(nameMillis)
                .addKey(keys.lives())
                .addKey(keys.nodes())
                .addValue(Frame.of(Frame.Type.NAME_TAKEN, id, 0, 0, nameText));
    }

    CommandArgs<String, Frame> release(String nameKey) {
        return script(RELEASE, nameKey).add(id);
    }

    static CommandArgs<String, Frame> direct(Keyspace keys, String nameKey, Frame frame) {
        return script(DIRECT, nameKey).addKey(keys.lives()).addKey(keys.nodes()).addValue(frame);
    }

    private static CommandArgs<String, Frame> script(String script, String key) {
        return new CommandArgs<>(FrameCodec.CODEC).add(script).add(1).addKey(key);
    }
}
