namespace OrleansBackup.Domain.Identity;

/// <summary>What kind of thing in a tenant is protected. Each kind has its own grain and its own workload source.</summary>
public enum ResourceKind
{
    /// <summary>The mailbox of a user, a shared mailbox, a room or a piece of equipment.</summary>
    Mailbox = 1,
}

/// <summary>The written form of a kind: part of grain keys and vault names, so a token, once used, never changes.</summary>
public static class ResourceKinds
{
    public static string Token(this ResourceKind kind) => kind switch
    {
        ResourceKind.Mailbox => "mailbox",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind has no token."),
    };

    /// <exception cref="FormatException">No kind has this token.</exception>
    public static ResourceKind FromToken(string token) => TryFromToken(token, out var kind)
        ? kind
        : throw new FormatException($"'{token}' is not a kind of resource; known kinds: mailbox.");

    public static bool TryFromToken(string? token, out ResourceKind kind)
    {
        kind = token == "mailbox" ? ResourceKind.Mailbox : default;
        return kind != default;
    }
}
