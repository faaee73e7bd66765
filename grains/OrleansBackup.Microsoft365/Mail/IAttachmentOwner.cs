using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>The kind of thing that attachments hang on: a message, an event, a task. They differ in addresses and in a few names.</summary>
internal interface IAttachmentOwner
{
    string UserId { get; }

    /// <summary>Properties that a list of attachments may be asked for.</summary>
    string AttachmentSelect => "id,name,contentType,size,isInline,lastModifiedDateTime";

    /// <summary>The type of a file among them.</summary>
    string FileType => "#microsoft.graph.fileAttachment";

    /// <summary>Whether a file can be a part of the text.</summary>
    bool HasInline => true;

    /// <summary>What the description of a file is called when an upload session is asked for.</summary>
    string SessionProperty => "AttachmentItem";

    string PathOf(string itemId);

    GraphRequest Read(Uri address, RequestSubject subject, int? pageSize = null);

    GraphRequest Write(HttpMethod method, string path, RequestSubject subject);
}
