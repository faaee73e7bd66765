using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>One customer organisation: its app registration, its directory and its mailboxes.</summary>
public sealed class SimulatedTenant
{
    private volatile ImmutableHashSet<string> _permissions = [];
    private long _issued;
    private long _revoked;

    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Domain { get; init; }
    public required ulong Seed { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required SimulatedDirectory Directory { get; init; }

    /// <summary>Licences of people include SharePoint.</summary>
    public bool OffersSharePoint { get; init; }

    /// <summary>OneDrives and libraries.</summary>
    public SimulatedDrives Drives { get; } = new();

    /// <summary>The registration of the app that reads this tenant.</summary>
    public required AppRegistration App { get; init; }

    /// <summary>Groups, sites and teams; set once, when the tenant is made.</summary>
    public SimulatedCollaboration Collaboration { get; internal set; } = null!;

    /// <summary>Application permissions that an administrator consented to. Withdrawing one acts at once.</summary>
    public ImmutableHashSet<string> Permissions
    {
        get => _permissions;
        set => _permissions = value;
    }

    /// <summary>Refuses every token issued so far.</summary>
    public void RevokeTokens() => Interlocked.Exchange(ref _revoked, Interlocked.Read(ref _issued));

    /// <summary>The number of a token that is being issued.</summary>
    internal long NextToken() => Interlocked.Increment(ref _issued);

    internal bool IsRevoked(long token) => token <= Interlocked.Read(ref _revoked);
}

/// <summary>Client id and credentials of an app.</summary>
/// <param name="ClientId">The app's id.</param>
/// <param name="ClientSecret">Its secret.</param>
public sealed record AppRegistration(Guid ClientId, string ClientSecret)
{
    /// <summary>Each certificate that is registered, by a name of its own; the public part is enough.</summary>
    public ConcurrentDictionary<string, X509Certificate2> Certificates { get; } = [];

    /// <summary>Numbers of assertions that were accepted, until they end: none is accepted twice.</summary>
    internal ConcurrentDictionary<string, long> SeenAssertions { get; } = [];

    /// <summary>An AADSTS number that every token request answers with; null when sign-in works.</summary>
    public int? SignInError { get; set; }
}
