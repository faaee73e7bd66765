namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>What a tenant is made of.</summary>
public sealed record TenantRecipe
{
    public string Name { get; init; } = "Contoso";
    public string Domain { get; init; } = "contoso.example";
    public ulong Seed { get; init; } = 1;

    /// <summary>Licensed people with a mailbox.</summary>
    public int Users { get; init; } = 3;

    public int SharedMailboxes { get; init; }
    public int Rooms { get; init; }
    public int Equipment { get; init; }

    /// <summary>Guests have no mailbox.</summary>
    public int Guests { get; init; }

    /// <summary>Members without a licence and so without a mailbox.</summary>
    public int UnlicensedUsers { get; init; }

    /// <summary>Generated messages in each mailbox, spread over the two years before now.</summary>
    public int MessagesPerMailbox { get; init; } = 50;

    /// <summary>A folder of .eml files, read with all below it: every file becomes a message in some mailbox.</summary>
    public string? MailDirectory { get; init; }

    /// <summary>Generated files in each OneDrive; licensed people have one, empty with 0.</summary>
    public int FilesPerDrive { get; init; }

    /// <summary>One more file of this size in each OneDrive, made while it is read; 0: none.</summary>
    public long LargeFileBytes { get; init; }

    /// <summary>A folder of files of any kind, read with all below it: every file lies in some OneDrive.</summary>
    public string? FilesDirectory { get; init; }

    /// <summary>Consented application permissions; null: all that the simulator knows.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }
}
