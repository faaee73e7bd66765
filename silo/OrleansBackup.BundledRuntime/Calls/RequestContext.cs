namespace Orleans.Runtime;

/// <summary>Named values that travel with calls, from caller to grain and on. They never travel back.</summary>
public static class RequestContext
{
    private static Dictionary<string, object>? Values => Ambient.Current?.Values;

    public static IEnumerable<string> Keys => Values?.Keys ?? Enumerable.Empty<string>();
    public static IEnumerable<KeyValuePair<string, object>> Entries => Values ?? Enumerable.Empty<KeyValuePair<string, object>>();

    public static object? Get(string key) => Values?.GetValueOrDefault(key);

    /// <param name="value">Copied when it crosses to a grain, so it must be serializable.</param>
    public static void Set(string key, object value)
    {
        ArgumentNullException.ThrowIfNull(key);
        Replace(new Dictionary<string, object>(Values ?? []) { [key] = value });
    }

    /// <returns>Whether there was such a value.</returns>
    public static bool Remove(string key)
    {
        if (Values is not { } values || !values.ContainsKey(key))
            return false;
        var left = new Dictionary<string, object>(values);
        left.Remove(key);
        Replace(left);
        return true;
    }

    public static void Clear()
    {
        if (Values is not null)
            Replace(null);
    }

    private static void Replace(Dictionary<string, object>? values) =>
        Ambient.Current = new ChangedAmbient(Ambient.Current?.Call) { Values = values is { Count: > 0 } ? values : null };
}
