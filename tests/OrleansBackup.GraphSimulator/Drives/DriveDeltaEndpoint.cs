using System.Globalization;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Drives;

/// <summary><c>/drives/{id}/root/delta</c>: the only enumeration of a drive that is complete.</summary>
internal sealed class DriveDeltaEndpoint(SimulatedWorld world, DriveDownloads downloads)
{
    private const int DefaultPage = 200;
    private const int LargestPage = 1000;
    private const string BrokenResync = "resync-broken";

    public IEnumerable<GraphRoute> Routes =>
        [new("GET", "/drives/{drive}/root/delta", GraphService.Files, KnownPermissions.FilesRead, Delta) { Cost = 2 }];

    private GraphResponse Delta(GraphRequest request)
    {
        var drive = DriveAccess.Drive(request);
        var round = Round.Of(request, drive);
        var top = Math.Clamp(round.Top, 1, LargestPage);
        if (drive.Quirks.DeltaTimesOutAbove is { } most && top > most)
            throw new GraphErrorException(504, "generalException", "The operation timed out.");
        var select = SelectOption.Read(round.Select.Length == 0 ? null : round.Select, DriveItemJson.IsKnown, DriveItemJson.TypeName);
        var withParents = request.Header("deltaExcludeParent") is null;
        var page = round.IsLatest
            ? new DeltaPage<DriveItemVersion>([], round.Until, IsLast: true)
            : drive.Changes(round.Position, round.Until, round.IsFirst, withParents, top);
        var writer = new DriveItemJson(drive, downloads, request, select)
        {
            IsDelta = true,
            TellsSharing = request.Prefer.Contains("deltashowsharingchanges", StringComparison.OrdinalIgnoreCase),
        };
        return drive.Read(() => GraphResponse.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}/$metadata#Collection(driveItem)");
            var next = round with { Position = page.Position, Until = page.IsLast ? 0 : round.Until, IsFirst = !page.IsLast && round.IsFirst };
            json.WriteString(page.IsLast ? "@odata.deltaLink" : "@odata.nextLink",
                $"{request.ServiceRoot}/drives/{drive.Id}/root/delta?token={next.Pack(drive, drive.IssueToken(world.Limits.Current.LiveDeltaTokens))}");
            json.WriteStartArray("value");
            foreach (var version in page.Changes)
                writer.Write(json, version);
            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    /// <summary>What a delta link remembers: where the round is, and the options it was started with.</summary>
    private sealed record Round(long Position, long Until, bool IsFirst, int Top, string Select, bool IsLatest = false)
    {
        public static Round Of(GraphRequest request, Drive drive)
        {
            var top = request.Number("$top");
            var fresh = new Round(0, drive.Sequence, IsFirst: true, top ?? DefaultPage, request.Option("$select") ?? "");
            switch (request.Option("token"))
            {
                case null or "":
                    return fresh;
                case BrokenResync:
                    throw new GraphErrorException(500, "generalException", "General exception while processing");
                case "latest":
                    return fresh with { IsLatest = true };
                case var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since):
                    return fresh with { Position = drive.SequenceAt(since), IsFirst = false };
                case var text when OpaqueToken.TryUnpack(text, 7, out var fields) && fields[0] == drive.Id:
                    if (Number(fields[4]) < drive.OldestLiveToken)
                        throw Dead(request, drive);
                    var until = Number(fields[2]);
                    return new Round(Number(fields[1]), until == 0 ? drive.Sequence : until, fields[3] == "1", top ?? (int)Number(fields[5]), fields[6]);
                default:
                    throw new GraphErrorException(400, "invalidRequest", "The delta token is not valid.");
            }
        }

        public string Pack(Drive drive, long number) =>
            OpaqueToken.Pack(drive.Id, Format(Position), Format(Until), IsFirst ? "1" : "0", Format(number), Format(Top), Select);

        private static GraphErrorException Dead(GraphRequest request, Drive drive) => new(410, "resyncChangesApplyDifferences", "Resync required.")
        {
            Location = $"{request.ServiceRoot}/drives/{drive.Id}/root/delta?token={(drive.Quirks.BreaksResyncAddress ? BrokenResync : "")}",
        };

        private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);

        private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
