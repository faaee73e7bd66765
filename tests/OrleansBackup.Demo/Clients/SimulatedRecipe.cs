namespace OrleansBackup.Demo.Clients;

/// <summary>What a simulated customer is made of.</summary>
public sealed record SimulatedRecipe
{
    public string Name { get; init; } = "Contoso";
    public string Domain { get; init; } = "contoso.example";
    public int Seed { get; init; } = 20260302;
    public int Users { get; init; }
    public int SharedMailboxes { get; init; }
    public int Rooms { get; init; }
    public int Equipment { get; init; }
    public int Guests { get; init; }
    public int UnlicensedUsers { get; init; }
    public int MessagesPerMailbox { get; init; }
    public string? MailDirectory { get; init; }
    public int EventsPerMailbox { get; init; }
    public int ContactsPerMailbox { get; init; }
    public int TasksPerMailbox { get; init; }

    /// <summary>What the tenant's administrator consented to; null: all that is usual.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    public int FilesPerDrive { get; init; }
    public string? FilesDirectory { get; init; }

    public int Sites { get; init; }
    public int Teams { get; init; }
    public int ItemsPerList { get; init; }
    public int PagesPerSite { get; init; }
    public int MessagesPerChannel { get; init; }
    public int FilesPerLibrary { get; init; }

    /// <summary>One more file of this size in each OneDrive; 0: none.</summary>
    public long LargeFileBytes { get; init; }

    /// <summary>A company: for every few people a shared mailbox, and a room, a projector, a guest and somebody without a licence; everybody has calendars, contacts, tasks and files, and all work together in sites and a team.</summary>
    public static SimulatedRecipe Company(DemoOptions options) => new()
    {
        Users = options.Users,
        SharedMailboxes = Math.Max(2, options.Users / 5),
        Rooms = 1,
        Equipment = 1,
        Guests = 1,
        UnlicensedUsers = 1,
        MessagesPerMailbox = options.Messages,
        MailDirectory = options.Mail is null ? null : Path.GetFullPath(options.Mail),
        EventsPerMailbox = 12,
        ContactsPerMailbox = 8,
        TasksPerMailbox = 6,
        FilesPerDrive = 12,
        Sites = 2,
        Teams = 1,
        ItemsPerList = 10,
        PagesPerSite = 2,
        FilesPerLibrary = 6,
        MessagesPerChannel = 6,
    };
}
