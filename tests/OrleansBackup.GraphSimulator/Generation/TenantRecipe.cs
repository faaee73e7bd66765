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

    /// <summary>Generated events in each mailbox, over three calendars; a third are series.</summary>
    public int EventsPerMailbox { get; init; }

    /// <summary>Generated contacts in each mailbox, over three folders.</summary>
    public int ContactsPerMailbox { get; init; }

    /// <summary>Generated to-do tasks in each mailbox, over two lists.</summary>
    public int TasksPerMailbox { get; init; }

    /// <summary>A folder of .ics files, read with all below it: every event goes into every mailbox's calendar.</summary>
    public string? CalendarDirectory { get; init; }

    /// <summary>A folder of .vcf files, read with all below it: every card goes into every mailbox's contacts.</summary>
    public string? ContactDirectory { get; init; }

    /// <summary>A folder of .eml files, read with all below it: every file becomes a message in some mailbox.</summary>
    public string? MailDirectory { get; init; }

    /// <summary>Whether the licences of people include SharePoint, so that whoever reads the directory expects OneDrives. Default: when there are files.</summary>
    public bool? SharePoint { get; init; }

    /// <summary>Generated files in each OneDrive; licensed people have one, empty with 0.</summary>
    public int FilesPerDrive { get; init; }

    /// <summary>One more file of this size in each OneDrive, made while it is read; 0: none.</summary>
    public long LargeFileBytes { get; init; }

    /// <summary>A folder of files of any kind, read with all below it: every file lies in some OneDrive.</summary>
    public string? FilesDirectory { get; init; }

    /// <summary>Consented application permissions; null: all that the simulator knows.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>Sites of teams and of nobody in particular; every fourth is archived in turn or has no name, and one has subsites.</summary>
    public int Sites { get; init; }

    /// <summary>Microsoft 365 groups without a team, each with a site.</summary>
    public int Groups { get; init; }

    /// <summary>Groups with a team, each with a site, and a site more for each private or shared channel.</summary>
    public int Teams { get; init; }

    /// <summary>Generated items in each ordinary list of a site.</summary>
    public int ItemsPerList { get; init; } = 20;

    /// <summary>Generated files in the library of each site.</summary>
    public int FilesPerLibrary { get; init; }

    /// <summary>Generated pages of each site.</summary>
    public int PagesPerSite { get; init; } = 4;

    /// <summary>Generated posts in each channel that has any, beside their replies.</summary>
    public int MessagesPerChannel { get; init; } = 20;
}
