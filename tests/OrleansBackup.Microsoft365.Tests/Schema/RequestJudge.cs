using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrleansBackup.Microsoft365.Tests.Schema;

/// <summary>Compares a recorded request with Microsoft's description: path, options, body, and the permission that is believed to be enough.</summary>
internal sealed partial class RequestJudge(GraphSchema schema)
{
    /// <summary>What is wrong with it; empty: nothing.</summary>
    public List<string> Judge(RecordedRequest request)
    {
        var (path, query) = Parts(request.Path);
        var faults = new List<string>();
        if (path == "/$batch") return faults;
        if (schema.Follow(path) is not { } target)
        {
            faults.Add("the schema has no such path");
            return faults;
        }

        JudgePermissions(request, path, faults);
        JudgeOptions(GraphSchema.Short(target.Type), query.Select(option => option.Split('=', 2)).Where(option => option.Length == 2).Select(option => (option[0], Uri.UnescapeDataString(option[1]))), faults);
        if (request.Body is not ['{', ..]) return faults;
        using var body = JsonDocument.Parse(request.Body);
        if (target.Parameters is { } parameters) JudgeParameters(parameters, body.RootElement, faults);
        else JudgeObject(target.Type, body.RootElement, faults);
        return faults;
    }

    /// <summary>The path with ids left out, to tell kinds of requests.</summary>
    public string KindOf(RecordedRequest request)
    {
        var segments = Parts(request.Path).Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var known = "";
        for (var i = 0; i < segments.Length; i++)
        {
            var isKey = i > 0 && schema.Follow(known) is { Parameters: null } at && GraphSchema.IsCollection(at.Type)
                && schema.Follow(known + "/" + segments[i]) is { Parameters: null } next && !GraphSchema.IsCollection(next.Type) && !segments[i].StartsWith("microsoft.graph.", StringComparison.Ordinal);
            known += "/" + segments[i];
            if (isKey) segments[i] = "{id}";
        }

        return $"{request.Method} /{string.Join('/', segments)}";
    }

    /// <summary>The path to an item by the name below its folder leads to an item all the same.</summary>
    private static (string Path, string[] Query) Parts(string address)
    {
        var parts = address.Split('?', 2);
        return (ByName().Replace(parts[0], "/items/{id}"), parts.Length > 1 ? parts[1].Split('&') : []);
    }

    private void JudgePermissions(RecordedRequest request, string path, List<string> faults)
    {
        var allowed = schema.PermissionsOf(InTable(path), request.Method);
        if (path.EndsWith("/settings/exchange", StringComparison.Ordinal)) return; // the table leaves it out, whoever may export or import is let in: Graph v1.0, "Get exchangeSettings"
        if (allowed.Count == 0)
        {
            faults.Add("the table of permissions has no such path");
            return;
        }

        var declared = request.Declared.IsDefaultOrEmpty ? [LeastOf(path)] : request.Declared.ToArray();
        foreach (var permission in declared)
        {
            // Whoever may write may read: the table leaves that out here and there.
            var isEnough = allowed.Contains(permission) || (request.Method == "GET" && allowed.Contains(permission.Replace("ReadWrite", "Read", StringComparison.Ordinal)));
            if (!isEnough) faults.Add($"it is not allowed by {permission}, only by {string.Join(", ", allowed.Order(StringComparer.Ordinal).Take(6))}");
        }
    }

    /// <summary>The table has no entry for the bytes of a thing, which need what the thing needs, and knows some things only by way of another path.</summary>
    private static string InTable(string path)
    {
        path = Cast().Replace(path.Replace("/$value", "", StringComparison.Ordinal), "");
        path = DriveRoot().Replace(path, "$1/items/{id}");
        path = MessageAttachment().Replace(path, "/users/{id}/mailFolders/{id}/childFolders/{id}/messages/{id}/attachments/{id}");
        return EventAttachment().Replace(path, "/users/{id}/events/{id}/attachments");
    }

    /// <summary>What a part of a batch is asked with: a batch as a whole needs nothing.</summary>
    private static string LeastOf(string path) => path switch
    {
        _ when path.StartsWith("/drives/", StringComparison.Ordinal) || path.EndsWith("/drive", StringComparison.Ordinal) => "Files.Read.All",
        _ when path.StartsWith("/sites/", StringComparison.Ordinal) => "Sites.Read.All",
        _ when path.Contains("/mailboxSettings", StringComparison.Ordinal) => "MailboxSettings.Read",
        _ when path.Contains("/events/", StringComparison.Ordinal) => "Calendars.Read",
        _ when path.Contains("/contacts/", StringComparison.Ordinal) => "Contacts.Read",
        _ when path.Contains("/todo/", StringComparison.Ordinal) => "Tasks.Read.All",
        _ => "Mail.Read",
    };

    private void JudgeOptions(string type, IEnumerable<(string Name, string Value)> options, List<string> faults)
    {
        foreach (var (name, value) in options)
        {
            switch (name)
            {
                case "$select":
                    foreach (var property in value.Split(',')) Has(type, property, faults);
                    break;
                case "$expand":
                    foreach (var (property, nested) in Expanded(value))
                    {
                        if (Has(type, property, faults) is { } inner) JudgeOptions(GraphSchema.Short(inner), nested, faults);
                    }

                    break;
                case "$filter":
                    foreach (Match match in FilterName().Matches(value)) Has(type, match.Groups[1].Value, faults);
                    break;
                case "$top" or "$skip" or "$orderby" or "startDateTime" or "endDateTime" or "includeHiddenFolders" or "@microsoft.graph.conflictBehavior":
                    break;
                default:
                    faults.Add($"option {name} is none that is known here");
                    break;
            }
        }
    }

    private string? Has(string type, string name, List<string> faults)
    {
        if (type == "driveItem" && name == "content.downloadUrl") return ""; // an annotation, which no schema has: Microsoft Graph, "Download the contents of a DriveItem"
        var (of, property) = name.Split('/') is [var cast, var last] ? (GraphSchema.Short(cast), last) : (type, name);
        if (of == "chatMessageFromIdentitySet" && property == "user") return "graph.teamworkUserIdentity"; // a kind of the declared one that need not be stated: Microsoft Teams, "Import third-party platform messages"
        if (schema.TypeOf(of, property) is { } found) return found;
        faults.Add($"'{of}' has no '{property}'");
        return null;
    }

    private static IEnumerable<(string Property, IEnumerable<(string, string)> Options)> Expanded(string value)
    {
        foreach (Match match in Expansion().Matches(value))
        {
            yield return (match.Groups[1].Value, match.Groups[2].Value.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(option => option.Split('=', 2)).Select(option => (option[0], option[1])));
        }
    }

    private void JudgeParameters(IReadOnlyDictionary<string, string> parameters, JsonElement body, List<string> faults)
    {
        foreach (var property in body.EnumerateObject())
        {
            if (parameters.TryGetValue(property.Name, out var type)) JudgeValue(type, property.Value, faults);
            else faults.Add($"the action takes no '{property.Name}'");
        }
    }

    private void JudgeObject(string type, JsonElement json, List<string> faults)
    {
        if (!schema.Knows(type) || GraphSchema.Short(type) == "fieldValueSet") return; // the columns of a list are what somebody made them
        var stated = json.TryGetProperty("@odata.type", out var odata) ? odata.GetString()!.TrimStart('#') : type;
        foreach (var property in json.EnumerateObject().Where(property => !property.Name.Contains('@', StringComparison.Ordinal)))
        {
            if (Has(GraphSchema.Short(stated), property.Name, faults) is { } inner) JudgeValue(inner, property.Value, faults);
        }
    }

    private void JudgeValue(string type, JsonElement value, List<string> faults)
    {
        if (value.ValueKind == JsonValueKind.Object) JudgeObject(type, value, faults);
        else if (value.ValueKind == JsonValueKind.Array) foreach (var item in value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)) JudgeObject(type, item, faults);
    }

    [GeneratedRegex(@"/items/[^/]+:/[^/:]+:?")]
    private static partial Regex ByName();

    [GeneratedRegex(@"/microsoft\.graph\.\w+")]
    private static partial Regex Cast();

    [GeneratedRegex("^(/drives/[^/]+)/root$")]
    private static partial Regex DriveRoot();

    [GeneratedRegex("^/users/[^/]+/messages/[^/]+/attachments/(?!createUploadSession)[^/]+$")]
    private static partial Regex MessageAttachment();

    [GeneratedRegex("^/users/[^/]+/events/[^/]+/attachments/(?!createUploadSession)[^/]+$")]
    private static partial Regex EventAttachment();

    [GeneratedRegex(@"(?:^|and )(\w+)(?=\s|/any)")]
    private static partial Regex FilterName();

    [GeneratedRegex(@"([\w./]+)(?:\(((?:[^()]|\([^()]*\))*)\))?")]
    private static partial Regex Expansion();
}
