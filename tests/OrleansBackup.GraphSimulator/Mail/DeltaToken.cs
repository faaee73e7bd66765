using System.Globalization;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>What a mail delta link remembers: where the round is, and the options it was started with.</summary>
/// <param name="Kind">Folders or messages.</param>
/// <param name="Folder">Folder number; 0 for folders.</param>
/// <param name="Position">Changes up to this number are reported.</param>
/// <param name="Until">End of the round; 0 in a delta link, where the next round sets it.</param>
/// <param name="IsFirstRound">The round started without a token.</param>
/// <param name="Number">The mailbox's number of the token, to let old ones die.</param>
/// <param name="Left">Items that <c>$top</c> still allows; -1 without it.</param>
/// <param name="Select">The <c>$select</c> of the first call.</param>
/// <param name="Expand">The <c>$expand</c> of the first call.</param>
/// <param name="Filter">The <c>$filter</c> of the first call.</param>
internal sealed record DeltaToken(string Kind, int Folder, long Position, long Until, bool IsFirstRound, long Number, int Left, string Select, string Expand, string Filter)
{
    /// <summary>Reads the token of a request, or starts a round.</summary>
    /// <exception cref="GraphErrorException">The token is garbled (400), of another folder (400) or dead (410).</exception>
    public static DeltaToken Of(GraphRequest request, Mailbox mailbox, string kind, int folder)
    {
        var text = request.Option("$skiptoken") ?? request.Option("$deltatoken");
        if (text is null)
        {
            return new DeltaToken(kind, folder, 0, mailbox.Sequence, IsFirstRound: true, 0, request.Number("$top") ?? -1,
                request.Option("$select") ?? "", request.Option("$expand") ?? "", request.Option("$filter") ?? "");
        }
        if (!OpaqueToken.TryUnpack(text, 11, out var fields))
            throw GraphErrors.BadRequest("Badly formed token.");
        var token = new DeltaToken(fields[1], Number(fields[2]), Long(fields[3]), Long(fields[4]), fields[5] == "1", Long(fields[6]), Number(fields[7]), fields[8], fields[9], fields[10]);
        if (fields[0] != mailbox.UserId.ToString() || token.Kind != kind || token.Folder != folder)
            throw new GraphErrorException(400, "SyncStateInvalid", "The sync state is invalid for this collection.");
        if (request.Option("$select") is { } select && select != token.Select)
            throw GraphErrors.BadRequest("The query options differ from those that the token was issued for.");
        if (token.Number < mailbox.OldestLiveToken)
            throw new GraphErrorException(410, "SyncStateNotFound", "The sync state generation is not found; continuationState=incompatible.");
        return token.Until == 0 ? token with { Until = mailbox.Sequence, IsFirstRound = false } : token;

        static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);
        static long Long(string field) => long.Parse(field, CultureInfo.InvariantCulture);
    }

    public string Pack(Mailbox mailbox) => OpaqueToken.Pack(mailbox.UserId.ToString(), Kind, Format(Folder), Format(Position), Format(Until),
        IsFirstRound ? "1" : "0", Format(Number), Format(Left), Select, Expand, Filter);

    private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes the link to the next page, or to the next round when <paramref name="isLast"/>.</summary>
    public void WriteLink(System.Text.Json.Utf8JsonWriter json, GraphRequest request, Mailbox mailbox, string path, long position, bool isLast, int left, int liveTokens)
    {
        var next = this with { Position = position, Until = isLast ? 0 : Until, Number = mailbox.IssueToken(liveTokens), Left = isLast ? -1 : left };
        var address = $"{request.ServiceRoot}{path}?{(isLast ? "$deltatoken" : "$skiptoken")}={next.Pack(mailbox)}";
        json.WriteString(isLast ? "@odata.deltaLink" : "@odata.nextLink", address);
    }
}
