namespace OrleansBackup.Microsoft365.Mail;

/// <summary>The MAPI properties that make a created message look as it was. They count only in the request that creates it.</summary>
/// <remarks>Source: MS-OXPROPS; that a received date can be set in this way only is known from the field.</remarks>
internal static class ExtendedProperties
{
    /// <summary>PidTagMessageFlags. Any value without the bit for unsent (8) makes a message that is no draft.</summary>
    public const string MessageFlags = "Integer 0x0E07";

    /// <summary>The bit for submitted; read or unread is told by <c>isRead</c>.</summary>
    public const string Submitted = "4";

    /// <summary>PidTagMessageDeliveryTime: <c>receivedDateTime</c>.</summary>
    public const string DeliveryTime = "SystemTime 0x0E06";

    /// <summary>PidTagClientSubmitTime: <c>sentDateTime</c>.</summary>
    public const string SubmitTime = "SystemTime 0x0039";

    /// <summary>PidTagTransportMessageHeaders: the original header text.</summary>
    public const string TransportHeaders = "String 0x007D";

    /// <summary>PidTagConversationIndex: keeps the message in its thread.</summary>
    public const string ConversationIndex = "Binary 0x0071";

    /// <summary>Our own: names the restore and the item, so that a restore which was killed never puts it back twice.</summary>
    public const string RestoreMarker = "String {5f3c2b1e-8d47-4c1a-9b60-2e7a4d9f0c35} Name OrleansBackupRestore";

    /// <summary>Our own: names the item that it was restored from, whatever restore did it. The only identity of a message that had no message id.</summary>
    public const string RestoredFrom = "String {5f3c2b1e-8d47-4c1a-9b60-2e7a4d9f0c35} Name OrleansBackupRestoredFrom";

    /// <summary>Our own: how many attachments the message is to have, to tell a whole one from one whose writer was killed half-way.</summary>
    public const string ExpectedAttachments = "String {5f3c2b1e-8d47-4c1a-9b60-2e7a4d9f0c35} Name OrleansBackupAttachments";
}
