using System.Globalization;
using System.Text.RegularExpressions;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>MAPI properties by id: those that follow from the message, and those that were set through the API.</summary>
internal static partial class ExtendedProperties
{
    public const string MessageFlags = "Integer 0xe07";
    public const string DeliveryTime = "SystemTime 0xe06";
    public const string SubmitTime = "SystemTime 0x39";

    public const int FlagRead = 1;
    public const int FlagUnmodified = 2;
    public const int FlagSubmitted = 4;
    public const int FlagUnsent = 8;
    public const int FlagHasAttachments = 16;

    /// <summary><c>Type 0xTag</c> or <c>Type {guid} Name|Id x</c>.</summary>
    public static bool IsValidId(string id) => Tagged().IsMatch(id) || Named().IsMatch(id);

    /// <summary>The one form of an id that the service answers with: the tag in small hexadecimal without leading zeros.</summary>
    public static string Normalise(string id)
    {
        if (Tagged().Match(id) is not { Success: true } match)
            return id;
        var tag = int.Parse(match.Groups["tag"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{match.Groups["type"].Value} 0x{tag:x}");
    }

    /// <summary>The value as Graph writes it; null when the message has no such property.</summary>
    public static string? Read(MessageView message, string id)
    {
        var normal = Normalise(id);
        var version = message.Version;
        return normal switch
        {
            MessageFlags => Flags(message).ToString(CultureInfo.InvariantCulture),
            DeliveryTime => version.IsDraft ? null : Time(version.ReceivedAt),
            SubmitTime => version.IsDraft ? null : Time(version.SentAt),
            "SystemTime 0x3007" => Time(version.CreatedAt),
            "SystemTime 0x3008" => Time(version.At),
            "String 0x1a" => message.Detail.ODataType is null ? "IPM.Note" : "IPM.Schedule.Meeting.Request",
            "String 0x37" => message.Detail.Subject,
            _ when version.Content.ExtendedProperties.TryGetValue(normal, out var held) => held,
            "String 0x7d" => version.IsDraft ? null : string.Concat(message.Detail.Headers.Select(header => $"{header.Name}: {header.Value}\r\n")),
            "Binary 0x71" => Convert.ToBase64String(MessageProperties.ConversationIndex(message.Detail)),
            "String 0x1035" => message.Detail.InternetMessageId,
            "String 0x1042" => message.Detail.InReplyTo,
            "String 0x1039" => message.Detail.References,
            "Integer 0xe08" or "Long 0xe08" => message.Version.Content.ToMime().Length.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    private static int Flags(MessageView message) =>
        (message.Version.IsRead ? FlagRead : 0) | (message.Version.IsDraft ? FlagUnsent : FlagUnmodified)
        | (message.Detail.Attachments.IsEmpty ? 0 : FlagHasAttachments);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<type>String|Integer|Long|Short|Boolean|Double|Float|Currency|SystemTime|Binary|CLSID) 0x(?<tag>[0-9a-fA-F]{1,8})$", RegexOptions.None, 2000)]
    private static partial Regex Tagged();

    [GeneratedRegex(@"^(String|Integer|Long|Short|Boolean|Double|Float|Currency|SystemTime|Binary|CLSID) \{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\} (Name \S.*|Id 0x[0-9a-fA-F]{1,8})$", RegexOptions.None, 2000)]
    private static partial Regex Named();
}
