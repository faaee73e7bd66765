using System.Collections.Immutable;
using System.Net.Mail;
using Orleans;

namespace OrleansBackup.Domain.Notices;

/// <summary>In which language somebody is told things.</summary>
public enum NoticeLanguage
{
    /// <summary>Dutch.</summary>
    Nl = 1,

    /// <summary>English.</summary>
    En = 2,
}

/// <summary>What a contact may decide for his organisation.</summary>
/// <remarks>Source: service description: restores are done only at the request of contacts who were named for it.</remarks>
public enum ContactAuthority
{
    /// <summary>May ask for a restore.</summary>
    RequestRestore = 1,

    /// <summary>May ask for another scope: what joins the backup and what leaves it.</summary>
    ChangeScope = 2,

    /// <summary>May ask for an export of everything, and end the contract.</summary>
    EndContract = 3,
}

/// <summary>Somebody at the customer who is told what happens to the backup, and who may decide things about it.</summary>
/// <param name="Told">The kinds of notices he gets. Whoever was told of a fault is told of its end as well; whoever is told of consequences, of what happens to the contract.</param>
[GenerateSerializer, Immutable, Alias("contact")]
public sealed record Contact(
    [property: Id(0)] string Name,
    [property: Id(1)] string Email,
    [property: Id(2)] NoticeLanguage Language,
    [property: Id(3)] ImmutableSortedSet<NoticeKind> Told,
    [property: Id(4)] ImmutableSortedSet<ContactAuthority> Authority)
{
    public const int LongestName = 200;

    // RFC 5321, section 4.5.3.1.3: a path of 256 with its two brackets.
    private const int LongestEmail = 254;

    /// <remarks>Who is told what is not in the backup also gets word of the report, which says that in full; so do contacts from before there were reports.</remarks>
    public bool IsTold(NoticeKind kind) => Told.Contains(kind) || Told.Contains(kind switch
    {
        NoticeKind.FaultEnded => NoticeKind.CriticalFault,
        NoticeKind.ContractNews => NoticeKind.ConsequenceAhead,
        NoticeKind.ReportReady => NoticeKind.FoundUnprotected,
        _ => kind,
    });

    /// <summary>What is wrong with it and in which part of it; null: nothing.</summary>
    public (string Field, string Problem)? Problem()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > LongestName || Name.Any(char.IsControl))
            return ("name", $"A contact has a name of at most {LongestName} characters, on one line.");
        if (!IsAddress(Email))
            return ("email", "This is not an e-mail address such as person@example.nl.");
        if (!Enum.IsDefined(Language))
            return ("language", "The language is nl or en.");
        if (!Told.All(Enum.IsDefined) || Told.Contains(NoticeKind.FaultEnded))
            return ("told", "These are not kinds of notices that can be chosen; the end of a fault is told to whoever was told of the fault.");
        return Authority.All(Enum.IsDefined) ? null : ("authority", "These are not things that a contact can be allowed.");
    }

    /// <summary>One plain address: no display name, no list, no line ends, and a local part that every mail server takes.</summary>
    public static bool IsAddress(string? text) =>
        text is { Length: > 0 and <= LongestEmail } && text.All(one => one is > ' ' and < (char)127 and not ('<' or '>' or ',' or ';' or '"' or '(' or ')' or '\\'))
        && MailAddress.TryCreate(text, out var address) && address.Address == text && address.Host.Contains('.', StringComparison.Ordinal);
}
