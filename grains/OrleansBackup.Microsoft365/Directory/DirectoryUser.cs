using System.Text.Json;

namespace OrleansBackup.Microsoft365.Directory;

/// <summary>One user object. Shared, room and equipment mailboxes are users too: disabled ones without a licence.</summary>
/// <param name="Id">Object id; the only name that never changes.</param>
/// <param name="UserType"><c>Member</c>, <c>Guest</c>, or null on accounts from before 2014.</param>
/// <param name="HasExchangePlan">A licence of the user includes a mailbox that is in force. False proves nothing: shared mailboxes have none.</param>
public sealed record DirectoryUser(
    string Id, string? UserPrincipalName, string? Mail, string DisplayName, bool AccountEnabled, string? UserType, bool HasExchangePlan)
{
    internal const string Select = "id,userPrincipalName,mail,displayName,accountEnabled,userType,assignedPlans";

    /// <summary>A licence of the user includes SharePoint that is in force, so there may be a OneDrive.</summary>
    public bool HasSharePointPlan { get; init; }

    /// <summary>Any service that a licence of the user includes is in force.</summary>
    public bool IsLicensed { get; init; }

    public bool IsGuest => string.Equals(UserType, "Guest", StringComparison.OrdinalIgnoreCase);

    internal static DirectoryUser? Read(JsonElement user)
    {
        if (TolerantJson.GetText(user, "id") is not { Length: > 0 } id) return null;
        var name = TolerantJson.GetText(user, "userPrincipalName");
        return new DirectoryUser(id, name, TolerantJson.GetText(user, "mail"),
            TolerantJson.GetText(user, "displayName") is { Length: > 0 } display ? display : name ?? id,
            user.TryGetProperty("accountEnabled", out var enabled) && enabled.ValueKind == JsonValueKind.True,
            TolerantJson.GetText(user, "userType"),
            HasPlan(user, "exchange"))
        {
            HasSharePointPlan = HasPlan(user, "SharePoint"),
            IsLicensed = HasPlan(user, null),
        };
    }

    private static bool HasPlan(JsonElement user, string? service) =>
        user.TryGetProperty("assignedPlans", out var plans) && plans.ValueKind == JsonValueKind.Array && plans.EnumerateArray().Any(plan =>
            (service is null || string.Equals(TolerantJson.GetText(plan, "service"), service, StringComparison.OrdinalIgnoreCase))
            && TolerantJson.GetText(plan, "capabilityStatus") is "Enabled" or "Warning");
}
