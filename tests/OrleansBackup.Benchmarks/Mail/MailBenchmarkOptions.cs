namespace OrleansBackup.Benchmarks.Mail;

/// <summary>How much is measured.</summary>
public sealed record MailBenchmarkOptions
{
    /// <summary>Mailboxes of the everyday measurement.</summary>
    public int Mailboxes { get; init; } = 20;

    /// <summary>Generated messages in each of them.</summary>
    public int Messages { get; init; } = 500;

    /// <summary>Generated messages of the one large mailbox; 0 leaves it out.</summary>
    public int LargeMailbox { get; init; } = 100_000;

    /// <summary>A folder of .eml files to spread over the mailboxes of the everyday measurement, or null.</summary>
    public string? Mail { get; init; }
}
