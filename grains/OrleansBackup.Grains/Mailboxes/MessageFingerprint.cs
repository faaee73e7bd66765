using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>Short digests of what a message says and of how it is marked, to tell a changed content from a changed flag without the old bytes.</summary>
/// <remarks>
/// Graph's change key changes at every update, a read mark included, so it alone would download the mailbox again and again. The digest of
/// content covers all that the sender determined; the digest of properties, what the owner can change on a received message.
/// Stored in the item table: the lists of names never change their order, and a new name means a new version letter.
/// </remarks>
internal static class MessageFingerprint
{
    private static readonly string[] ContentNames =
        ["subject", "body", "sender", "from", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "hasAttachments", "internetMessageId", "isDraft"];

    private static readonly string[] PropertyNames =
        ["isRead", "flag", "categories", "importance", "inferenceClassification", "receivedDateTime", "sentDateTime",
         "isReadReceiptRequested", "isDeliveryReceiptRequested"];

    public static string OfContent(ReadOnlyMemory<byte> json) => Of(json, ContentNames);

    public static string OfProperties(ReadOnlyMemory<byte> json) => Of(json, PropertyNames);

    private static string Of(ReadOnlyMemory<byte> json, string[] names)
    {
        using var document = JsonDocument.Parse(json);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in names)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData("="u8);
            if (document.RootElement.TryGetProperty(name, out var value))
                hash.AppendData(JsonMarshal.GetRawUtf8Value(value));
            hash.AppendData("\n"u8);
        }
        return "a" + Convert.ToBase64String(hash.GetHashAndReset().AsSpan(0, 12));
    }
}
