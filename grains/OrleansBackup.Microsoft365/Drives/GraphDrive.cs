using System.Text.Json;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>A OneDrive or a library.</summary>
/// <param name="Type"><c>business</c>, <c>documentLibrary</c> or <c>personal</c>.</param>
/// <param name="Name">What the library is called; for a OneDrive a word of the service.</param>
/// <param name="UsedBytes">What the service counts as used, old versions and the recycle bin included; null when it does not say.</param>
public sealed record GraphDrive(string Id, string Type, string Name, DateTimeOffset? CreatedAt, long? UsedBytes)
{
    internal const string Select = "id,driveType,name,createdDateTime,owner,quota,webUrl";

    internal static GraphDrive? Read(JsonElement drive) => TolerantJson.GetText(drive, "id") is not { Length: > 0 } id ? null : new GraphDrive(
        id, TolerantJson.GetText(drive, "driveType") ?? "", TolerantJson.GetText(drive, "name") ?? "", DriveItem.Time(drive, "createdDateTime"),
        drive.TryGetProperty("quota", out var quota) && quota.ValueKind == JsonValueKind.Object && quota.TryGetProperty("used", out var used) && used.TryGetInt64(out var bytes) ? bytes : null);
}
