namespace OrleansBackup.GraphSimulator.World;

/// <summary>A user of a tenant at one moment. Immutable; the directory keeps the versions.</summary>
public sealed record SimulatedUser
{
    public required Guid Id { get; init; }
    public required string UserPrincipalName { get; init; }
    public required string DisplayName { get; init; }
    public string? GivenName { get; init; }
    public string? Surname { get; init; }
    public string? Mail { get; init; }
    public bool AccountEnabled { get; init; } = true;

    /// <summary><c>Member</c>, <c>Guest</c>, or null as on very old accounts.</summary>
    public string? UserType { get; init; } = "Member";

    /// <summary>Graph's <c>userPurpose</c>: <c>user</c>, <c>shared</c>, <c>room</c>, <c>equipment</c>.</summary>
    public string Purpose { get; init; } = "user";

    /// <summary>Has a licence with Exchange. Shared, room and equipment mailboxes have none and still hold mail.</summary>
    public bool IsLicensed { get; init; } = true;

    /// <summary>The licence includes SharePoint, and with it a OneDrive. A OneDrive can outlive it.</summary>
    public bool HasSharePointPlan { get; init; }

    public bool? OnPremisesSyncEnabled { get; init; }
    public string? PreferredDataLocation { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why the mailbox cannot be reached; null when it can.</summary>
    public MailboxRefusal? MailboxRefusal { get; init; }

    /// <summary>Recycled: restorable for 30 days.</summary>
    public bool IsDeleted { get; init; }
}

/// <summary>What Exchange answers instead of a mailbox.</summary>
public sealed record MailboxRefusal(int Status, string Code, string Message)
{
    /// <summary>Guests, unlicensed accounts, mailboxes on premises and inactive ones.</summary>
    public static MailboxRefusal NotEnabled { get; } =
        new(404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise.");
}
