using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Items;

/// <summary>Pages of lists and of change tracking over calendars, contacts and tasks; the parts of <c>$filter</c> and <c>$expand</c> that they know.</summary>
internal static partial class ItemLists
{
    private const int DefaultPage = 10;
    private const int LargestPage = 1000;

    /// <summary>A page of a list. <c>$top</c> limits the whole list, not the page: the trap of Exchange.</summary>
    public static GraphResponse List(GraphRequest request, string context, IReadOnlyList<ItemVersion> all, Func<ItemVersion, JsonObject> show, Func<ItemVersion, bool>? isBroken = null)
    {
        var skip = request.Number("$skip") ?? 0;
        var top = request.Number("$top");
        var page = Math.Clamp(top ?? request.PreferredPageSize ?? DefaultPage, 1, LargestPage);
        var shown = all.Skip(skip).Take(page).ToList();
        if (isBroken is not null && shown.Exists(version => isBroken(version)))
            throw new GraphErrorException(500, "InternalServerError", "Error while processing response.");
        var answer = new JsonObject { ["@odata.context"] = $"{request.ServiceRoot}/$metadata#{context}" };
        if (request.Option("$count") == "true")
            answer["@odata.count"] = all.Count;
        answer["value"] = new JsonArray([.. shown.Select(show)]);
        if (top is null && skip + page < all.Count)
            answer["@odata.nextLink"] = Paging.WithOption(request, "$skip", (skip + page).ToString(CultureInfo.InvariantCulture));
        return Json(200, answer);
    }

    /// <summary>A page of change tracking of one container's items, or of all containers of a kind.</summary>
    public static GraphResponse Delta(GraphRequest request, SimulatedWorld world, Mailbox mailbox, ItemKind kind, MailboxItem? container, string path,
        Func<ItemVersion, DeltaToken, JsonObject?> show) => mailbox.Read(() =>
    {
        var token = DeltaToken.Of(request, mailbox, kind.ToString(), container is null ? 0 : (int)(container.Number & 0xFFFFFFFF));
        var size = Math.Clamp(request.PreferredPageSize ?? DefaultPage, 1, LargestPage);
        if (token.Left >= 0)
            size = Math.Max(1, Math.Min(size, token.Left));
        var page = mailbox.ItemChanges(kind, container, token.Position, token.Until, token.IsFirstRound, size);
        if (page.Changes.Any(change => !change.Removed && IsBroken(world, mailbox, change.Version)))
            throw new GraphErrorException(500, "InternalServerError", "Error while processing response.");
        var left = token.Left < 0 ? -1 : token.Left - page.Changes.Count;
        var isLast = page.IsLast || left == 0;
        return GraphResponse.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}/$metadata#Collection({kind})");
            json.WriteStartArray("value");
            foreach (var (version, removed) in page.Changes)
            {
                var item = removed
                    ? new JsonObject { ["@removed"] = new JsonObject { ["reason"] = "deleted" }, ["id"] = ItemAccess.Id(mailbox, version, request.WantsImmutableIds) }
                    : show(version, token);
                item?.WriteTo(json);
            }
            json.WriteEndArray();
            token.WriteLink(json, request, mailbox, path, isLast ? token.Until : page.Position, isLast, left, world.Limits.Current.LiveDeltaTokens);
            json.WriteEndObject();
        });
    });

    /// <summary>Is this item ordered broken?</summary>
    public static bool IsBroken(SimulatedWorld world, Mailbox mailbox, ItemVersion version) =>
        world.Faults.IsBroken(mailbox.UserId, version.Item.Number, version.MutableNumber);

    public static GraphResponse Json(int status, JsonObject answer) => GraphResponse.Json(status, json => answer.WriteTo(json));

    /// <summary>Reads the conditions that are known here: an extended property, or <paramref name="names"/> compared for equality.</summary>
    /// <exception cref="GraphErrorException">400: another condition.</exception>
    public static Func<ItemVersion, bool> Filter(GraphRequest request, params string[] names)
    {
        if (request.Option("$filter") is not { } text)
            return _ => true;
        if (Extended().Match(text) is { Success: true } extended)
        {
            var id = ExtendedProperties.Normalise(Unquote(extended.Groups["id"].Value));
            var value = Unquote(extended.Groups["value"].Value);
            if (!ExtendedProperties.IsValidId(id))
                throw new GraphErrorException(400, "ErrorInvalidProperty", $"The extended property id '{id}' is not valid.");
            return version => version.Extended.GetValueOrDefault(id) == value;
        }
        if (Equality().Match(text) is { Success: true } equality && names.Contains(equality.Groups["name"].Value))
        {
            var (name, value) = (equality.Groups["name"].Value, Unquote(equality.Groups["value"].Value));
            return version => (string?)version.Properties[name] == value;
        }
        throw new GraphErrorException(400, "ErrorInvalidUrlQueryFilter", $"The filter '{text}' is not supported.");
    }

    /// <summary>The names in <c>$expand</c>, each with what stands in its parentheses.</summary>
    /// <exception cref="GraphErrorException">400: one that the type cannot expand.</exception>
    public static IReadOnlyDictionary<string, string> Expand(string? text, string type, params ReadOnlySpan<string> known)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var depth = 0;
        var start = 0;
        for (var at = 0; text is not null && at <= text.Length; at++)
        {
            if (at < text.Length && text[at] is '(')
                depth++;
            else if (at < text.Length && text[at] is ')')
                depth--;
            else if ((at == text.Length || text[at] == ',') && depth == 0)
            {
                var part = text[start..at].Trim();
                start = at + 1;
                if (part.Length == 0)
                    continue;
                var open = part.IndexOf('(', StringComparison.Ordinal);
                var name = open < 0 ? part : part[..open];
                if (!known.Contains(name))
                    throw GraphErrors.UnknownProperty(name, type);
                found[name] = open < 0 ? "" : part[(open + 1)..^1];
            }
        }
        return found;
    }

    /// <summary>Adds the extended properties that an expansion asks for; none leaves the collection out, as the service does.</summary>
    public static void AddExtended(JsonObject item, ItemVersion version, IReadOnlyDictionary<string, string> expand)
    {
        if (!expand.TryGetValue("singleValueExtendedProperties", out var options))
            return;
        var values = Ids().Matches(options).Select(match => ExtendedProperties.Normalise(Unquote(match.Groups["id"].Value)))
            .Where(version.Extended.ContainsKey).Select(id => (JsonNode)new JsonObject { ["id"] = id, ["value"] = version.Extended[id] }).ToArray();
        if (values.Length > 0)
            item["singleValueExtendedProperties"] = new JsonArray(values);
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    private static string Unquote(string text) => text.Replace("''", "'", StringComparison.Ordinal);

    [GeneratedRegex(@"^singleValueExtendedProperties/any\(\s*(?<v>\w+)\s*:\s*\k<v>/id\s+eq\s+'(?<id>(?:[^']|'')*)'\s+and\s+\k<v>/value\s+eq\s+'(?<value>(?:[^']|'')*)'\s*\)$", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Extended();

    [GeneratedRegex(@"^(?<name>\w+)\s+eq\s+'(?<value>(?:[^']|'')*)'$", RegexOptions.None, 2000)]
    private static partial Regex Equality();

    [GeneratedRegex(@"id\s+eq\s+'(?<id>(?:[^']|'')*)'", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Ids();
}
