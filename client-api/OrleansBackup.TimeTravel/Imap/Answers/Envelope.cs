using System.Collections.Immutable;
using OrleansBackup.TimeTravel.Imap.Mime;

namespace OrleansBackup.TimeTravel.Imap.Answers;

/// <summary>ENVELOPE: what a list of messages shows.</summary>
/// <remarks>Source: RFC 3501, section 7.4.2.</remarks>
internal static class Envelope
{
    public static ImapText Write(ImapText text, MimeHeader header)
    {
        var from = Addresses(header, "From");
        text.Raw("(").NString(header.Value("Date")).Raw(" ").NString(header.Value("Subject")).Raw(" ");
        Write(text, from).Raw(" ");
        Write(text, Addresses(header, "Sender") is { IsEmpty: false } sender ? sender : from).Raw(" ");
        Write(text, Addresses(header, "Reply-To") is { IsEmpty: false } reply ? reply : from).Raw(" ");
        Write(text, Addresses(header, "To")).Raw(" ");
        Write(text, Addresses(header, "Cc")).Raw(" ");
        Write(text, Addresses(header, "Bcc")).Raw(" ");
        return text.NString(header.Value("In-Reply-To")).Raw(" ").NString(header.Value("Message-ID")).Raw(")");
    }

    private static ImmutableArray<MailAddress> Addresses(MimeHeader header, string field) => [.. header.Values(field).SelectMany(value => MailAddresses.Parse(value))];

    private static ImapText Write(ImapText text, ImmutableArray<MailAddress> addresses)
    {
        if (addresses.IsEmpty)
            return text.Raw("NIL");
        text.Raw("(");
        foreach (var address in addresses)
            text.Raw("(").NString(address.Name).Raw(" NIL ").NString(address.Mailbox).Raw(" ").NString(address.Host).Raw(")");
        return text.Raw(")");
    }
}
