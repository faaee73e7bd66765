using System.Globalization;
using OrleansBackup.GraphSimulator.Ids;

namespace OrleansBackup.GraphSimulator.Users;

/// <summary>What a users delta link remembers. <paramref name="Until"/> is 0 between rounds; <paramref name="Issued"/> decides when it dies.</summary>
internal sealed record DirectoryToken(long Position, long Until, bool IsFirst, string Select, DateTimeOffset Issued)
{
    public string Pack(Guid tenant) => OpaqueToken.Pack(tenant.ToString(), Position.ToString(CultureInfo.InvariantCulture), Until.ToString(CultureInfo.InvariantCulture),
        IsFirst ? "1" : "0", Select, Issued.UtcTicks.ToString(CultureInfo.InvariantCulture));

    /// <returns>Null when it is no token of this tenant.</returns>
    public static DirectoryToken? Read(string text, Guid tenant) =>
        OpaqueToken.TryUnpack(text, 6, out var fields) && fields[0] == tenant.ToString()
            ? new DirectoryToken(long.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[2], CultureInfo.InvariantCulture), fields[3] == "1", fields[4],
                new DateTimeOffset(long.Parse(fields[5], CultureInfo.InvariantCulture), TimeSpan.Zero))
            : null;
}
