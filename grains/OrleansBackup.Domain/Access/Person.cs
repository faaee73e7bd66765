namespace OrleansBackup.Domain.Access;

/// <summary>The name by which one human is known, whatever he signs in with.</summary>
/// <remarks>
/// An e-mail address that the organisation's sign-in vouches for, the name of who holds a configured key, or the account at the sign-in where it gives no address.
/// Compared as written here, so that capitals make nobody a second person.
/// </remarks>
public static class Person
{
    /// <summary>The holder's name of the key that the server makes itself. It says nothing of who that is.</summary>
    public const string FirstKey = "first-key";

    private const string UnnamedPrefix = "unnamed:";

    public static string Canonical(string name) => name.Trim().ToLowerInvariant();

    /// <summary>Whoever holds a key of which nobody said whose it is, though people have accounts as well.</summary>
    public static string Unnamed(string holder) => UnnamedPrefix + Canonical(holder);

    /// <summary>Whether it is known which human that is. Who is not known may be the other one as well, so he cannot be one of two persons.</summary>
    public static bool IsNamed(string person) => person != FirstKey && !person.StartsWith(UnnamedPrefix, StringComparison.Ordinal);
}
