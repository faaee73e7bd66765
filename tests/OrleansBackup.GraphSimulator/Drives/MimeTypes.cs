namespace OrleansBackup.GraphSimulator.Drives;

/// <summary>The media type that the service gives a file for its name.</summary>
internal static class MimeTypes
{
    public static string Of(string name) => Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".DOCX" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".XLSX" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".PPTX" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".PDF" => "application/pdf",
        ".HTML" or ".HTM" => "text/html",
        ".TXT" or ".CSV" => "text/plain",
        ".PNG" => "image/png",
        ".JPG" or ".JPEG" => "image/jpeg",
        ".ONE" or ".ONETOC2" => "application/msonenote",
        ".ZIP" => "application/zip",
        _ => "application/octet-stream",
    };

    /// <summary>Office, PDF and HTML files: the ones that a library writes its properties into.</summary>
    public static bool IsEnriched(string name) => Path.GetExtension(name).ToUpperInvariant() is ".DOCX" or ".XLSX" or ".PPTX" or ".PDF" or ".HTML" or ".HTM";
}
