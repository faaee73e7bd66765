using Microsoft.AspNetCore.Http;

namespace OrleansBackup.ClientApi.Billing;

/// <summary>Who acts: what money moves by is kept with a name.</summary>
internal static class Acting
{
    public static string Holder(HttpContext context) => context.User.Identity?.Name is { Length: > 0 } name ? name : "unknown";
}
