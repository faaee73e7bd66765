using System.Globalization;
using System.Text.RegularExpressions;
using OrleansBackup.GraphSimulator.Http;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>The part of <c>$filter</c> on messages that is known here: comparisons joined by <c>and</c>, and extended properties.</summary>
internal static partial class MessageFilter
{
    public static Func<MessageView, bool>? ForDelta(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return Received().IsMatch(text) ? Read(text) : throw GraphErrors.BadRequest("Change tracking can filter by receivedDateTime ge or gt only.");
    }

    /// <exception cref="GraphErrorException">400: a condition that is not known.</exception>
    public static Func<MessageView, bool>? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var conditions = new List<Func<MessageView, bool>>();
        var rest = Extended().Replace(text, match =>
        {
            var id = Unquote(match.Groups["id"].Value);
            var value = Unquote(match.Groups["value"].Value);
            if (!ExtendedProperties.IsValidId(id))
                throw new GraphErrorException(400, "ErrorInvalidProperty", $"The extended property id '{id}' is not valid.");
            var operation = match.Groups["op"].Value.ToLowerInvariant();
            conditions.Add(view => operation == "ne" ? ExtendedProperties.Read(view, id) != value : ExtendedProperties.Read(view, id) == value);
            return "";
        });
        foreach (var part in And().Split(rest).Select(part => part.Trim()).Where(part => part.Length > 0))
            conditions.Add(Condition(part));
        return view => conditions.TrueForAll(condition => condition(view));
    }

    private static Func<MessageView, bool> Condition(string text)
    {
        if (Comparison().Match(text) is not { Success: true } match)
            throw new GraphErrorException(400, "ErrorInvalidUrlQueryFilter", $"The filter '{text}' is not supported.");
        var operation = match.Groups["op"].Value;
        var value = Unquote(match.Groups["value"].Value.Trim('\''));
        return match.Groups["name"].Value switch
        {
            "receivedDateTime" => Times(view => view.Version.ReceivedAt),
            "sentDateTime" => Times(view => view.Version.SentAt),
            "lastModifiedDateTime" => Times(view => view.Version.At),
            "isRead" => view => view.Version.IsRead == (value == "true"),
            "isDraft" => view => view.Version.IsDraft == (value == "true"),
            "hasAttachments" => view => view.Detail.Attachments.Any(attachment => !attachment.IsInline) == (value == "true"),
            "internetMessageId" => view => view.Detail.InternetMessageId == value,
            "subject" => view => view.Detail.Subject == value,
            _ => throw new GraphErrorException(400, "ErrorInvalidUrlQueryFilter", $"The filter '{text}' is not supported."),
        };

        Func<MessageView, bool> Times(Func<MessageView, DateTimeOffset> read)
        {
            if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                throw GraphErrors.BadRequest($"Invalid filter clause: '{value}' is no date.");
            return operation switch
            {
                "ge" => view => read(view) >= time,
                "gt" => view => read(view) > time,
                "le" => view => read(view) <= time,
                "lt" => view => read(view) < time,
                _ => view => read(view) == time,
            };
        }
    }

    private static string Unquote(string text) => text.Replace("''", "'", StringComparison.Ordinal);

    [GeneratedRegex(@"^receivedDateTime (ge|gt) \S+$", RegexOptions.None, 2000)]
    private static partial Regex Received();

    [GeneratedRegex(@"singleValueExtendedProperties/any\(\s*(?<v>\w+)\s*:\s*\k<v>/id\s+eq\s+'(?<id>(?:[^']|'')*)'\s+and\s+\k<v>/value\s+(?<op>eq|ne)\s+'(?<value>(?:[^']|'')*)'\s*\)", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Extended();

    [GeneratedRegex(@"(?:^|\s+)and(?:\s+|$)", RegexOptions.None, 2000)]
    private static partial Regex And();

    [GeneratedRegex(@"^(?<name>\w+)\s+(?<op>eq|ge|gt|le|lt)\s+(?<value>\S.*)$", RegexOptions.None, 2000)]
    private static partial Regex Comparison();
}
