import {mountAll} from "../frame/mount";
import {gainExplorable} from "../gain";

mountAll(gainExplorable);
