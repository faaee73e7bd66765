namespace OrleansBackup.TimeTravel.Imap.Parsing;

/// <summary>What a program sent is not a command as RFC 3501 describes it; told as BAD. The message is ours and holds nothing of what was sent.</summary>
internal sealed class ImapSyntaxException(string message) : Exception(message);
