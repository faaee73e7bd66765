using System.Text.RegularExpressions;
using OrleansBackup.GraphSimulator.Http;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>The <c>$expand</c> of a message: attachments and extended properties by id.</summary>
internal sealed partial record ExpandOption(bool Attachments, IReadOnlyList<string> PropertyIds)
{
    public static ExpandOption None { get; } = new(false, []);

    /// <exception cref="GraphErrorException">400: something that a message cannot expand.</exception>
    public static ExpandOption Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return None;
        var properties = new List<string>();
        var rest = Properties().Replace(text, match =>
        {
            properties.AddRange(Ids().Matches(match.Value).Select(id => id.Groups["id"].Value.Replace("''", "'", StringComparison.Ordinal)));
            return "";
        });
        if (text.Contains("singleValueExtendedProperties", StringComparison.OrdinalIgnoreCase) && properties.Count == 0)
            throw GraphErrors.BadRequest("Expanding singleValueExtendedProperties needs a $filter on id.");
        foreach (var id in properties)
        {
            if (!ExtendedProperties.IsValidId(id))
                throw new GraphErrorException(400, "ErrorInvalidProperty", $"The extended property id '{id}' is not valid.");
        }
        var names = rest.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var other = names.FirstOrDefault(name => !name.Equals("attachments", StringComparison.OrdinalIgnoreCase));
        return other is null ? new ExpandOption(names.Length > 0, properties) : throw GraphErrors.UnknownProperty(other, MessageProperties.TypeName);
    }

    [GeneratedRegex(@"singleValueExtendedProperties\s*\(\s*\$filter\s*=(?<filter>(?:[^()']|'(?:[^']|'')*')*)\)", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Properties();

    [GeneratedRegex(@"id\s+eq\s+'(?<id>(?:[^']|'')*)'", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Ids();
}
