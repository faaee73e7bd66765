using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansBackup.ClientApi.Tests.Fuzzing;

/// <summary>Bad input for an operation, made from what the published description says of it. Every body here is one that must be refused.</summary>
internal sealed class BadInput(Random random)
{
    /// <summary>Texts that break parsers, paths, logs and pages.</summary>
    private static readonly string[] Nasty =
    [
        "", " ", "..", "../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e", "....//", "C:\\windows\\win.ini", "\\\\host\\share", "file:///etc/passwd", "con", "nul.txt",
        "' OR '1'='1", "\"; DROP TABLE state; --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "%s%n%x", "=cmd|' /C calc'!A0", "\u0000", "a\u0000b", "\u202Etxt.exe", "\uFEFF", "\uFFFF",
        "Z\u0351\u036B\u0343\u0322", "𝕏𝕐", "مرحبا", "🧨", "\r\nSet-Cookie: a=b", "-1", "0", "1e999", "99999999999999999999999999", "2147483648", "NaN", "null", "true", "[]", "{}", "2026-02-30", "0000-00-00",
        "9999-12-31", "latest", "00000000-0000-0000-0000-000000000000", "mailbox-", "mailbox-../x", "site-\u0000", "*", "?", "#", "%", "%zz", "%C0%AF", ";", "&limit=1",
    ];

    public string Text() => random.Next(12) == 0 ? new string((char)random.Next('a', 'z'), random.Next(100, 6_000)) : Nasty[random.Next(Nasty.Length)];

    /// <summary>As a part of an address: percent-encoded, now and then not, as far as a client can send it at all.</summary>
    public string Segment()
    {
        var text = Text().Replace("\u0000", random.Next(8) == 0 ? "\u0001" : "", StringComparison.Ordinal); // what the server itself refuses has a test of its own
        return text.Length == 0 ? "%20" : Uri.EscapeDataString(text is ".." or "." ? text + "%2f" : text);
    }

    /// <summary>Bodies with the content type that each is sent with; none of them can be right.</summary>
    public IEnumerable<(string What, byte[] Body, string ContentType)> Bodies(JsonNode example)
    {
        var right = example.ToJsonString();
        const string json = "application/json";
        yield return ("nothing", [], json);
        yield return ("truncated", Encoding.UTF8.GetBytes(right[..random.Next(1, Math.Max(2, right.Length - 1))]), json);
        yield return ("not UTF-8", [.. Encoding.UTF8.GetBytes(right[..^1]), 0xFF, 0xFE, 0xC0, 0x80, (byte)'}'], json);
        yield return ("deep", Encoding.UTF8.GetBytes($"{{\"deep\":{string.Concat(Enumerable.Repeat("[", 5_000))}{string.Concat(Enumerable.Repeat("]", 5_000))}}}"), json);
        yield return ("unknown member", Encoding.UTF8.GetBytes(With(example, random.Next(2) == 0 ? "__proto__" : Text() + "x", JsonValue.Create(1))), json);
        if (example is JsonObject { Count: > 0 } members)
        {
            var (name, value) = members.ElementAt(random.Next(members.Count));
            yield return ("twice", Encoding.UTF8.GetBytes($"{right[..^1]},{JsonSerializer.Serialize(name)}:{value?.ToJsonString() ?? "null"}}}"), json);
        }
        yield return ("an array", Encoding.UTF8.GetBytes($"[{right}]"), json);
        yield return ("a number", "12"u8.ToArray(), json);
        yield return ("a text", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Text())), json);
        yield return ("a comment", Encoding.UTF8.GetBytes($"{right[..^1]}/* x */}}"), json);
        yield return ("two documents", Encoding.UTF8.GetBytes($"{right}{right}"), json);
        foreach (var (what, body) in WrongTypes(example))
            yield return (what, body, json);
        yield return ("of another type", Encoding.UTF8.GetBytes(right), "text/xml");
        yield return ("a form", "a=b"u8.ToArray(), "application/x-www-form-urlencoded");
        yield return ("UTF-16", Encoding.Unicode.GetBytes(right), json);
    }

    /// <summary>The right body with one value that cannot be in its place.</summary>
    private IEnumerable<(string What, byte[] Body)> WrongTypes(JsonNode example)
    {
        for (var at = 0; at < 4; at++)
        {
            var copy = example.DeepClone();
            var leaves = Leaves(copy).ToList();
            if (leaves.Count == 0)
                yield break;
            var (parent, key, value) = leaves[random.Next(leaves.Count)];
            // A text may hold anything, so that what stands in its place is an object; anything else becomes a text or a number beyond all bounds.
            parent[key] = value?.GetValueKind() is JsonValueKind.String ? new JsonObject { ["x"] = 1 } : random.Next(2) == 0 ? JsonValue.Create($"\"{Text()}") : "@huge@";
            yield return ($"wrong type of {key}", Encoding.UTF8.GetBytes(copy.ToJsonString().Replace("\"@huge@\"", "1e400", StringComparison.Ordinal)));
        }
    }

    private static IEnumerable<(JsonObject Parent, string Key, JsonNode? Value)> Leaves(JsonNode? node) => node switch
    {
        JsonObject members => members.ToList().SelectMany(member => member.Value is JsonObject or JsonArray ? Leaves(member.Value) : [(members, member.Key, member.Value)]),
        JsonArray elements => elements.SelectMany(Leaves),
        _ => [],
    };

    private static string With(JsonNode example, string name, JsonNode value)
    {
        var copy = example.DeepClone();
        if (copy is JsonObject members)
            members[name] = value;
        return copy.ToJsonString();
    }
}
