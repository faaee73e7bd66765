namespace OrleansBackup.Domain.Access;

/// <summary>The name by which one human is known, whatever he signs in with.</summary>
/// <remarks>
/// An e-mail address that the organisation's sign-in vouches for, the name of who holds a configured key, or the account at the sign-in where it gives no address.
/// Compared as written here, so that capitals make nobody a second person.
/// </remarks>
public static class Person
{
    public static string Canonical(string name) => name.Trim().ToLowerInvariant();
}
